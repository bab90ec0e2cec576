import { describe, expect, it } from 'vitest';
import type { Loaded } from '#documents/document.js';
import { loadMeshes } from '#load-meshes.js';
import { loadTexts, problemText, resourceTexts } from '../load-texts.js';

const object = (kind: string, name: string, more = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop, uid: u-${name} }\n${more}`;
const namespace = (name: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, uid: u-${name} }\n`;
const list = (...objects: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${objects.map((text) => `- ${text.trim().replaceAll('\n', '\n  ')}\n`).join('')}`;
const json = (...names: readonly string[]): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ServiceList',
    items: names.map((name) => ({ metadata: { name, namespace: 'shop', uid: name } })),
  });
const one = (apiVersion: string, name: string): string =>
  JSON.stringify({ apiVersion, kind: 'Gateway', metadata: { name, namespace: 'shop', uid: name } });

const layoutsOf = ({ layouts }: Loaded): string[] =>
  layouts.map(({ name, root, holds }) => `${name} ${root} ${holds}`);
const namesOf = ({ resources }: Loaded): string[] => resources.map(({ kind, name }) => `${kind}/${name}`);

describe('layouts of dumps', () => {
  it('istioctl bug-report: files without extension; a second list of the same pods counts once', async () => {
    const loaded = await loadTexts({
      'r.tar.gz!/bug-report/cluster/crs': list(object('Gateway', 'g')),
      'r.tar.gz!/bug-report/cluster/k8s-resources': list(object('Pod', 'istiod'), namespace('kube-system')),
      'r.tar.gz!/bug-report/cluster/pods': list(object('Pod', 'istiod', 'status: { phase: Running }')),
    });
    expect(layoutsOf(loaded)).toEqual(['istioctl bug-report r.tar.gz!/bug-report/ part']);
    expect(namesOf(loaded)).toEqual(['Gateway/g', 'Pod/istiod', 'Namespace/kube-system']);
  });

  it('must-gather: lists and single objects, a pod both ways', async () => {
    const loaded = await loadTexts({
      'mg/img/cluster-scoped-resources/core/namespaces.yaml': list(namespace('shop')),
      'mg/img/namespaces/shop/shop.yaml': namespace('shop'),
      'mg/img/namespaces/shop/core/pods.yaml': list(object('Pod', 'a'), object('Pod', 'b')),
      'mg/img/namespaces/shop/pods/a/a.yaml': object('Pod', 'a'),
      'mg/img/namespaces/shop/networking.istio.io/gateways/g.yaml': object('Gateway', 'g'),
    });
    expect(layoutsOf(loaded)).toEqual(['must-gather mg/img/ part']);
    expect(namesOf(loaded)).toEqual(['Namespace/shop', 'Pod/a', 'Pod/b', 'Gateway/g']);
  });

  it('Velero: of several versions the one that a restore takes', async () => {
    const at = (rest: string): string =>
      `resources/gateways.networking.istio.io/${rest}/namespaces/shop/g.json`;
    const [v1, beta] = [one('networking.istio.io/v1', 'g'), one('networking.istio.io/v1beta1', 'g')];
    const plain = { 'resources/gateways.networking.istio.io/namespaces/shop/g.json': v1 };
    const versions = { [at('v1-preferredversion')]: v1, [at('v1beta1')]: beta };
    const all = { ...plain, ...versions };
    for (const files of [plain, all, versions]) {
      const loaded = await loadTexts(files);
      expect(layoutsOf(loaded)).toEqual(['Velero backup  all']);
      expect(loaded.resources.map(({ version }) => version)).toEqual(['v1']);
    }
  });

  it('kubectl cluster-info dump --output-directory', async () => {
    const loaded = await loadTexts({
      'dump/nodes.json': JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items: [] }),
      'dump/shop/replication-controllers.json': json(),
      'dump/shop/services.json': json('cart'),
    });
    expect(layoutsOf(loaded)).toEqual(['kubectl cluster-info dump dump/ part']);
    expect(namesOf(loaded)).toEqual(['Service/cart']);
  });

  it('katafygio: stored, though nothing in the objects shows it', async () => {
    const bare = (text: string): string => text.replace(/, uid: [\w-]+/, '');
    const loaded = await loadTexts({
      'kube/namespace-kube-system.yaml': bare(namespace('kube-system')),
      'kube/kube-system/service-dns.yaml': bare(object('Service', 'dns')),
    });
    expect(layoutsOf(loaded)).toEqual(['katafygio tree kube/ all']);
    expect(loaded.resources.map(({ stored }) => stored)).toEqual([true, true]);
  });

  it('an ordinary tree is none of them, and keeps what it holds twice', async () => {
    const loaded = await loadTexts({
      'namespaces/shop/shop.yaml': namespace('shop'),
      'cluster/base/service.yaml': object('Service', 'a'),
      'resources/services/a.json': json('a'),
      'b.yaml': object('Service', 'a'),
    });
    expect(layoutsOf(loaded)).toEqual([]);
    expect(loaded.resources).toHaveLength(4);
  });

  it('a part proves no absence, however much it looks like a cluster', async () => {
    const text = list(namespace('kube-system'), namespace('istio-system'));
    const scopeOf = async (path: string, scope?: 'complete') => {
      const { meshes } = await loadMeshes({
        sources: [{ path, text }],
        ...(scope === undefined ? {} : { scope }),
      });
      return meshes.map((mesh) => mesh.scope);
    };
    expect(await scopeOf('dump.yaml')).toEqual(['complete']);
    expect(await scopeOf('bug-report/cluster/k8s-resources')).toEqual(['partial']);
    expect(await scopeOf('bug-report/cluster/k8s-resources', 'complete')).toEqual(['complete']);
  });
});

describe('kubectl cluster-info dump on standard output', () => {
  const logs = (name: string, text: string): string =>
    `==== START logs for container ${name} of pod shop/cart-1 ====\n${text}==== END logs for container ${name} of pod shop/cart-1 ====\n`;
  const forged = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"forged","namespace":"shop"}}\n';

  it('logs between the lists are covered, whatever they hold; places stay right', async () => {
    const text = `${json('a')}\n${logs('main', `{ kind: x\n---\n${forged}no end of line`)}${logs('proxy', '')}${json('b')}\n`;
    const loaded = await loadTexts({ '<stdin>': text });
    expect(loaded.problems).toEqual([]);
    expect(resourceTexts(loaded)).toEqual(['Service/a@<stdin>#0/items/0:1', 'Service/b@<stdin>#1/items/0:9']);
    expect(layoutsOf(loaded)).toEqual(['kubectl cluster-info dump <stdin> part']);
  });

  it('the same in YAML', async () => {
    const text = `${list(object('Service', 'a'))}---\n${list(object('Service', 'b'))}${logs('main', 'x: [\n')}---\n${list(object('Service', 'c'))}`;
    const loaded = await loadTexts({ 'dump.yaml': text });
    expect([namesOf(loaded), loaded.problems]).toEqual([['Service/a', 'Service/b', 'Service/c'], []]);
  });

  const end = '==== END logs for container main of pod shop/cart-1 ====\n';
  const start = '==== START logs for container main of pod shop/cart-1 ====\n';
  const other = start.replace('main', 'other');
  it.each([
    ['ends its own section', `${end}${forged}`],
    ['and begins it again', `${end}${forged}${start}`],
    ['and begins another', `${end}${forged}${other}`],
    ['and ends that too', `${end}${forged}${other}${other.replace('START', 'END')}`],
  ])('a log that puts in objects of its own is told: it %s', async (_what, text) => {
    const { problems } = await loadTexts({ 'dump.txt': `${json('a')}\n${logs('main', text)}` });
    expect(problems.map(problemText)).toContainEqual(expect.stringMatching(/^dump.txt:\d+ unsafe-entry$/));
  });

  it('a log that never ends is told too', async () => {
    const { problems } = await loadTexts({ 'dump.txt': `${json('a')}\n${start}some text\n` });
    expect(problems.map(problemText)).toEqual(['dump.txt:2 unsafe-entry']);
  });
});
