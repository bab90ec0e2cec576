import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Capture, CaptureLimit } from '#policy/policies.js';
import type { Decision } from '#policy/decision.js';
import { deployment, namespace, policiesOf, service, workload } from './manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });
const web = service('shop/web', [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'tcp', port: 9000 },
]);

function decide(pod: JsonObject, others: readonly JsonObject[] = [shop]): Decision<Capture> {
  const policies = policiesOf([...others, web, pod]);
  return policies.capture(workload(policies.mesh, 'shop/Deployment/web'));
}

function limits(pod: JsonObject, others?: readonly JsonObject[]): readonly CaptureLimit[] {
  const decision = decide(pod, others);
  return decision.known ? decision.value.limits : [];
}

function said(list: readonly CaptureLimit[]): readonly string[] {
  return list.map(({ direction, kind, ports }) =>
    [direction, kind, ports === undefined ? 'some' : String(ports)].join(' '),
  );
}

const traffic = (name: string, value: string): JsonObject =>
  deployment('shop/web', { annotations: { [`traffic.sidecar.istio.io/${name}`]: value } });

describe('annotations (tools/istio-iptables/pkg/capture/run.go)', () => {
  const table: readonly [string, string, readonly string[]][] = [
    ['includeInboundPorts', '*', []],
    ['includeInboundPorts', '', ['inbound included-ports-only all']],
    ['includeInboundPorts', '8080', ['inbound included-ports-only 9000']],
    ['excludeInboundPorts', '8080, 9000', ['inbound excluded-ports 8080,9000']],
    ['excludeInboundPorts', '15020,15090', []],
    ['includeOutboundIPRanges', '*', []],
    ['includeOutboundIPRanges', '', ['outbound included-ranges-only all']],
    ['includeOutboundIPRanges', '10.0.0.0/8', ['outbound included-ranges-only some']],
    ['excludeOutboundIPRanges', '169.254.169.254/32', ['outbound excluded-ranges some']],
    ['excludeOutboundPorts', '5432', ['outbound excluded-ports 5432']],
    ['includeOutboundPorts', '5432', []],
    // With these no pod comes into being (pkg/kube/inject/validate.go).
    ['excludeInboundPorts', 'http', []],
    ['includeOutboundIPRanges', 'bad', []],
    ['excludeOutboundIPRanges', '169.254.169.254', []],
    ['excludeInterfaces', 'eth1', ['inbound excluded-interfaces some', 'outbound excluded-interfaces some']],
  ];
  it.each(table)('%s: "%s"', (name, value, expected) => {
    expect(said(limits(traffic(name, value)))).toEqual(expected);
  });

  it('points at the annotation', () => {
    const [limit] = limits(traffic('excludeInboundPorts', '8080'));
    expect(limit?.at).toMatchObject({
      resource: { kind: 'Deployment', name: 'web' },
      path: ['spec', 'template', 'metadata', 'annotations', 'traffic.sidecar.istio.io/excludeInboundPorts'],
    });
  });

  it('an inbound exclusion does nothing beside a list of inclusions', () => {
    const annotations = {
      'traffic.sidecar.istio.io/includeInboundPorts': '8080,9000',
      'traffic.sidecar.istio.io/excludeInboundPorts': '9000',
    };
    expect(said(limits(deployment('shop/web', { annotations })))).toEqual(['inbound included-ports-only ']);
  });

  it('the injector’s chart values stand in for absent annotations', () => {
    const injector: JsonObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
      data: {
        config: 'policy: enabled',
        values: JSON.stringify({
          global: {
            proxy: { includeIPRanges: '10.0.0.0/8', includeInboundPorts: '*', excludeInboundPorts: '' },
          },
        }),
      },
    };
    const found = limits(deployment('shop/web'), [shop, injector]);
    expect(said(found)).toEqual(['outbound included-ranges-only some']);
    expect(found[0]?.at.resource.kind).toBe('ConfigMap');
    expect(said(limits(traffic('includeOutboundIPRanges', '*'), [shop, injector]))).toEqual([]);
  });
});

describe('interception switched off', () => {
  const both = ['inbound interception-none all', 'outbound interception-none all'];
  it.each([
    ['annotation', { 'sidecar.istio.io/interceptionMode': 'NONE' }],
    ['ProxyConfig as YAML', { 'proxy.istio.io/config': 'concurrency: 2\ninterceptionMode: NONE\n' }],
    ['ProxyConfig as JSON', { 'proxy.istio.io/config': '{"interceptionMode":"NONE"}' }],
  ])('%s', (_title, annotations) => {
    expect(said(limits(deployment('shop/web', { annotations })))).toEqual(both);
  });
  it('the annotation wins over the ProxyConfig', () => {
    const annotations = {
      'sidecar.istio.io/interceptionMode': 'TPROXY',
      'proxy.istio.io/config': 'interceptionMode: NONE',
    };
    expect(limits(deployment('shop/web', { annotations }))).toEqual([]);
  });
});

describe('running as the proxy’s user or group', () => {
  const container = (securityContext: JsonObject, extra: JsonObject = {}): JsonObject => ({
    name: 'application',
    securityContext,
    ...extra,
  });
  const of = (spec: JsonObject, others?: readonly JsonObject[]): readonly CaptureLimit[] =>
    limits(deployment('shop/web', { spec }), others);

  it('container and pod, user and group', () => {
    expect(of({ containers: [container({ runAsUser: 1337 })] })[0]?.at.path).toEqual([
      'spec',
      'template',
      'spec',
      'containers',
      0,
      'securityContext',
      'runAsUser',
    ]);
    expect(of({ securityContext: { runAsGroup: 1337 }, containers: [container({})] })[0]?.at.path).toEqual([
      'spec',
      'template',
      'spec',
      'securityContext',
      'runAsGroup',
    ]);
  });
  it('the container overrides the pod', () => {
    expect(
      of({ securityContext: { runAsUser: 1337 }, containers: [container({ runAsUser: 1000 })] }),
    ).toEqual([]);
  });
  it('the proxy itself and init containers that end are no matter', () => {
    const proxy = { name: 'istio-proxy', image: 'auto', securityContext: { runAsUser: 1337 } };
    const setup = container({ runAsUser: 1337 }, { name: 'setup' });
    expect(of({ containers: [container({}), proxy], initContainers: [setup] })).toEqual([]);
    expect(
      said(of({ containers: [container({})], initContainers: [{ ...setup, restartPolicy: 'Always' }] })),
    ).toEqual(['outbound proxy-identity all']);
  });
  it('on OpenShift it is the highest user of the namespace’s range (pkg/kube/inject/openshift.go)', () => {
    const range: JsonObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'shop',
        labels: { 'istio-injection': 'enabled' },
        annotations: { 'openshift.io/sa.scc.uid-range': '1000620000/10000' },
      },
    };
    expect(of({ containers: [container({ runAsUser: 1337 })] }, [range])).toEqual([]);
    expect(said(of({ containers: [container({ runAsUser: 1000629999 })] }, [range]))).toEqual([
      'outbound proxy-identity all',
    ]);
  });
});

describe('other data planes', () => {
  const bypass = deployment('shop/web', {
    annotations: {
      'ambient.istio.io/bypass-inbound-capture': 'true',
      'traffic.sidecar.istio.io/excludeInboundPorts': '8080',
    },
  });
  it('ambient knows its own annotation only', () => {
    expect(said(limits(bypass, [namespace('shop', { 'istio.io/dataplane-mode': 'ambient' })]))).toEqual([
      'inbound ambient-bypass all',
    ]);
  });
  it('outside the mesh nothing is captured that could be limited', () => {
    expect(limits(bypass, [namespace('shop')])).toEqual([]);
  });
});
