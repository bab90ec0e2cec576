import { describe, expect, it } from 'vitest';
import { loadTexts, problemText, resourceTexts } from './load-texts.js';

function pod(name: string): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":"b"}', keep: 'me' },
      managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': {} } }],
      name,
      uid: '1-2-3',
    },
    spec: { containers: [{ name: 'app', args: ['a: b', 'x'] }] },
    status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready' }] },
  };
}

const kept = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { annotations: { keep: 'me' }, name: 'one', uid: '1-2-3' },
  spec: { containers: [{ name: 'app', args: ['a: b', 'x'] }] },
  status: { phase: 'Running', podIP: '10.0.0.1' },
};

const blockPod = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"a":"b"}
    keep: me
  managedFields:
  - fieldsV1:
      f:status: {}
    manager: "kube
      let: odd"
  name: one
  uid: 1-2-3
spec:
  containers:
  - name: app
    args:
    - 'a: b'
    - x
status:
  conditions:
  - type: Ready
  phase: Running
  podIP: 10.0.0.1
`;

const asItem = `- ${blockPod.trimEnd().replaceAll('\n', '\n  ')}\n`;

describe('Lists and single documents', () => {
  const list = { apiVersion: 'v1', items: [pod('one')], kind: 'List', metadata: {} };
  it.each([
    ['a document', blockPod, 'Pod/one@f#0:1'],
    ['a document after a separator', `# lead\n---\n${blockPod}`, 'Pod/one@f#0:3'],
    ['a YAML List', `apiVersion: v1\nitems:\n${asItem}kind: List\nmetadata: {}\n`, 'Pod/one@f#0/items/0:3'],
    [
      'an indented YAML List',
      `kind: PodList\nitems:\n${asItem.replace(/^/gm, '  ').trimEnd()}\napiVersion: v1\n`,
      'Pod/one@f#0/items/0:3',
    ],
    ['a JSON object', JSON.stringify(pod('one')), 'Pod/one@f#0:1'],
    ['a JSON List', JSON.stringify(list, null, 4), 'Pod/one@f#0/items/0:4'],
    ['a JSON List on one line', JSON.stringify(list), 'Pod/one@f#0/items/0:1'],
    [
      'nested Lists',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [list] }),
      'Pod/one@f#0/items/0/items/0:1',
    ],
    ['JSON in a YAML stream', `---\n---\n${JSON.stringify(pod('one'))}\n`, 'Pod/one@f#1:3'],
  ])('read the same object from %s', async (_, text, where) => {
    const loaded = await loadTexts({ f: text });
    expect(loaded.problems).toEqual([]);
    expect(resourceTexts(loaded)).toEqual([where]);
    expect(loaded.resources[0]?.object).toStrictEqual(kept);
    expect(loaded.resources[0]?.stored).toBe(true);
  });

  it('gives members of a typed list their type', async () => {
    const loaded = await loadTexts({
      'f.json': JSON.stringify({
        kind: 'DeploymentList',
        apiVersion: 'apps/v1',
        items: [{ metadata: { name: 'x' } }],
      }),
      'f.yaml': 'items:\n- metadata:\n    name: why\nkind: DeploymentList\napiVersion: apps/v1\n',
    });
    expect(resourceTexts(loaded)).toEqual([
      'Deployment/x@f.json#0/items/0:1',
      'Deployment/why@f.yaml#0/items/0:2',
    ]);
    expect(loaded.resources.map(({ apiVersion }) => apiVersion)).toEqual(['apps/v1', 'apps/v1']);
  });

  it('reads a List as a whole where its members share anchors', async () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- <<: *a\n  metadata: {name: b}\n';
    const loaded = await loadTexts({ f: text });
    expect(loaded.problems).toEqual([]);
    expect(loaded.resources.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('does not take an object with items for a List', async () => {
    const loaded = await loadTexts({
      f: 'apiVersion: x/v1\nkind: Menu\nmetadata: {name: m}\nitems:\n- apiVersion: v1\n  kind: Pod\n',
    });
    expect(resourceTexts(loaded)).toEqual(['Menu/m@f#0:1']);
  });

  it('never keeps the values of Secrets', async () => {
    const secret = 'data:\n  tls.key: c2VjcmV0LXZhbHVlLXRleHQ=\nstringData: {p: "secret-value-text"}\n';
    const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{"data":"c2VjcmV0"}'\n${secret}`;
    const loaded = await loadTexts({
      f: text,
      g: `{"apiVersion":"v1","kind":"Secret","data":{"k":"c2VjcmV0"}}`,
    });
    expect(JSON.stringify(loaded.resources)).not.toMatch(/c2Vjc|secret-value/);
    expect(loaded.resources[0]?.object['data']).toEqual({ 'tls.key': null });
  });
});

describe('unread kinds', () => {
  it('are counted, also as members, and not parsed', async () => {
    const read = (_: string, kind: string): boolean => kind === 'Pod';
    const texts = {
      'a.yaml':
        'apiVersion: v1\nkind: Event\nbroken: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n',
      'b.json': '{"kind":"List","apiVersion":"v1","items":[{"kind":"Event","apiVersion":"v1"}]}',
    };
    const loaded = await loadTexts(texts, { read });
    expect(loaded.problems).toEqual([]);
    expect(resourceTexts(loaded)).toEqual(['Pod/p@a.yaml#1:5']);
    expect(loaded.skipped).toEqual([
      { reason: 'unread-kind', path: '.', files: 2, documents: 2, detail: 'Event' },
    ]);
  });

  it.each(['kind: Pod', '"kind": Pod', "'kind': Pod", '"k\\x69nd": Pod', '? kind\n: Pod', '<<: {kind: Pod}'])(
    'are not believed when the kind is set again by %s',
    async (again) => {
      const text = `apiVersion: v1\nkind: Event\nmetadata: {name: p}\n${again}\n`;
      const loaded = await loadTexts({ f: text }, { read: (_, kind) => kind === 'Pod' });
      expect(resourceTexts(loaded)).toEqual(['Pod/p@f#0:1']);
    },
  );
});

describe('documents', () => {
  it('are counted as YAML counts', async () => {
    const doc = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;
    const text = `# comment\n%YAML 1.1\n---\n${doc('a')}---\n# empty\n---\n${doc('b')}...\n# between\n---\n${doc('c')}--- {apiVersion: v1, kind: Pod, metadata: {name: d}}\n`;
    const loaded = await loadTexts({ f: text });
    expect(resourceTexts(loaded)).toEqual(['Pod/a@f#0:4', 'Pod/b@f#2:10', 'Pod/c@f#3:16', 'Pod/d@f#4:19']);
  });

  it('take merge keys in the order in which go-yaml v2 applies them', async () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: &l {a: merged}\n  name: x\nspec:\n  before: {a: own, <<: *l}\n  after: {<<: *l, a: own}\n';
    const loaded = await loadTexts({ f: text });
    expect(loaded.resources[0]?.object['spec']).toEqual({ before: { a: 'merged' }, after: { a: 'own' } });
  });

  it('are named by generateName where they have no name', async () => {
    const loaded = await loadTexts({ f: 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: job-}\n' });
    expect(loaded.resources[0]?.name).toBe('job-*');
  });

  it('are left alone when they are manifests of another tool', async () => {
    const loaded = await loadTexts({
      'zarf.yaml': 'kind: ZarfPackageConfig\nmetadata: {name: x}\ncomponents: []\n',
      'eval.yaml': 'kind: Eval\nmetadata: {name: x}\nconfig: {}\n',
      'api.yaml': 'apiVersion: "2.0"\nmetadata: {name: x}\n',
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.skipped.map(({ reason, files }) => [reason, files])).toEqual([['not-kubernetes', 3]]);
  });

  it('may hold flow collections that run on at the indentation of their key', async () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  - a: [\n    "x]", # ]\n    z]\n    b: {\n  c: [1,\n  2]\n  }\n';
    const loaded = await loadTexts({ f: text });
    expect(loaded.problems).toEqual([]);
    expect(loaded.resources[0]?.object['spec']).toEqual([{ a: ['x]', 'z'], b: { c: [1, 2] } }]);
  });

  it('may hold quoted text that runs on at the indentation of its key, be its lines like quoted values', async () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations:\n    init: \'[\n      {\n        "name": "wait",\n        "args": ["a"]\n      }\n    ]\'\n    other: "b\n    c"\n';
    const loaded = await loadTexts({ f: text });
    expect(loaded.problems).toEqual([]);
    expect(loaded.resources[0]?.object['metadata']).toEqual({
      name: 'x',
      annotations: { init: '[ { "name": "wait", "args": ["a"] } ]', other: 'b c' },
    });
  });

  it('may not leave a flow collection open', async () => {
    const loaded = await loadTexts({ f: 'apiVersion: v1\nkind: Pod\nspec:\n  - a: [\n    x\n    b: 1\n' });
    expect(loaded.problems.map(({ code }) => code)).toEqual(['syntax']);
  });

  it('are problems when meant for Kubernetes but incomplete', async () => {
    const loaded = await loadTexts({ f: 'kind: Pod\nmetadata: {name: x}\n', g: 'a: 1\n' });
    expect(loaded.problems.map(problemText)).toEqual(['f:1 not-an-object']);
    expect(loaded.skipped.map(({ reason }) => reason)).toEqual(['not-kubernetes']);
  });
});
