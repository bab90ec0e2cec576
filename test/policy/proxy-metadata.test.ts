import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { proxyMetadataOf } from '#policy/proxy-metadata.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { created, deployment, meshConfig, namespace, object, policiesOf, workload } from './manifests.js';

const name = 'ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE';
const shop = namespace('shop', { 'istio-injection': 'enabled' });

function proxyConfig(
  place: string,
  value: string,
  rest: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject {
  const spec = { environmentVariables: { [name]: value }, ...rest };
  return object('networking.istio.io/v1beta1/ProxyConfig', place, spec, metadata);
}

const annotated = (config: JsonObject): JsonObject =>
  deployment('shop/web', { annotations: { 'proxy.istio.io/config': JSON.stringify(config) } });
const inMesh = meshConfig({ defaultConfig: { proxyMetadata: { [name]: 'mesh' } } });
const selecting = { selector: { matchLabels: { app: 'web' } } };

function metadata(objects: readonly JsonObject[], options: MeshOfOptions = {}): string | undefined {
  const policies = policiesOf([shop, ...objects], options);
  const target = workload(policies.mesh, 'shop/Deployment/web');
  const enrolment = policies.enrolment(target);
  const found = proxyMetadataOf({ mesh: policies.mesh, workload: target, enrolment }, name);
  return found.known ? found.value?.text : 'unknown';
}

describe('l.6 precedence of ProxyConfig (EffectiveProxyConfig in pilot/pkg/model/proxy_config.go)', () => {
  const own = annotated({ proxyMetadata: { [name]: 'pod' } });
  const plain = deployment('shop/web');
  const [wide, root, matching] = [
    proxyConfig('shop/wide', 'namespace'),
    proxyConfig('istio-system/wide', 'root'),
    proxyConfig('shop/matching', 'selector', selecting),
  ];
  it.each<[string, readonly JsonObject[], string | undefined]>([
    ['nothing sets it', [plain], undefined],
    ['MeshConfig', [plain, inMesh], 'mesh'],
    ['the root namespace before MeshConfig', [plain, inMesh, root], 'root'],
    ['the own namespace before the root namespace', [plain, inMesh, root, wide], 'namespace'],
    ['the annotation before namespaces', [own, inMesh, root, wide], 'pod'],
    ['an object with a selector before the annotation', [own, inMesh, root, wide, matching], 'selector'],
    [
      'a selector of the root namespace selects nothing elsewhere',
      [plain, proxyConfig('istio-system/s', 'x', selecting)],
      undefined,
    ],
    ['an empty selector selects nothing', [plain, proxyConfig('shop/s', 'x', { selector: {} })], undefined],
    [
      'the oldest of a level',
      [plain, proxyConfig('shop/a', 'young', {}, created(3)), proxyConfig('shop/b', 'old', {}, created(1))],
      'old',
    ],
    ['variables merge by name', [annotated({ proxyMetadata: { OTHER: 'x' } }), wide], 'namespace'],
  ])('%s', (_title, objects, expected) => {
    expect(metadata(objects)).toBe(expected);
  });
  it('ages that the input does not show leave it open', () => {
    const objects = [plain, proxyConfig('shop/a', '1'), proxyConfig('shop/b', '2')];
    expect(metadata(objects, { scope: 'partial' })).toBe('unknown');
  });
});

describe('environment of istio-init (tools/istio-iptables/pkg/cmd/root.go)', () => {
  const limits = (objects: readonly JsonObject[]): readonly string[] => {
    const policies = policiesOf([shop, ...objects]);
    const capture = policies.capture(workload(policies.mesh, 'shop/Deployment/web'));
    return capture.known ? capture.value.limits.map(({ kind }) => kind) : ['unknown'];
  };
  const injector = (values: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
    data: { config: '{}', values: JSON.stringify(values) },
  });
  it.each<[string, readonly JsonObject[], readonly string[]]>([
    [
      'groups that a ProxyConfig leaves out',
      [deployment('shop/web'), proxyConfig('shop/wide', '1000')],
      ['proxy-identity'],
    ],
    [
      'ports that the pod leaves out',
      [annotated({ proxyMetadata: { ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE: '443' } })],
      ['excluded-ports'],
    ],
    [
      'interfaces',
      [annotated({ proxyMetadata: { ISTIO_EXCLUDE_INTERFACES: 'eth1' } })],
      ['excluded-interfaces'],
    ],
    [
      'what the template always sets is not read',
      [annotated({ proxyMetadata: { ISTIO_INBOUND_PORTS: '80' } })],
      [],
    ],
    [
      'with istio-cni nothing of it counts',
      [
        deployment('shop/web'),
        proxyConfig('shop/wide', '1000'),
        injector({ pilot: { cni: { enabled: true } } }),
      ],
      [],
    ],
  ])('%s', (_title, objects, expected) => {
    expect(limits(objects)).toEqual(expected);
  });
  it('interceptionMode REDIRECT of a pod does not undo the mesh’s NONE: the zero of an enum is not merged', () => {
    const mesh = meshConfig({ defaultConfig: { interceptionMode: 'NONE' } });
    expect(limits([mesh, annotated({ interceptionMode: 'REDIRECT' })])).toContain('interception-none');
    expect(limits([mesh, annotated({ interceptionMode: 'TPROXY' })])).toEqual([]);
  });
});
