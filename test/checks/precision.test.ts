import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import { catalogue } from '#checks';

async function found(id: string, files: Readonly<Record<string, string>>) {
  const { findings } = await audit({
    sources: Object.entries(files).map(([path, text]) => ({ path, text })),
    scope: 'partial',
    checks: catalogue.filter(({ meta }) => meta.id === id),
  });
  return findings.map(({ messageKey, severity, message }) => ({ messageKey, severity, message }));
}

const namespace = (name: string, labels = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n---\n`;

const deployment = (place: string, labels: string, image = 'example.com/a:1'): string => {
  const [space = '', name = ''] = place.split('/');
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${space} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, ${labels} } }
    spec: { containers: [{ name: ${image.includes('proxyv2') ? 'istio-proxy' : 'app'}, image: '${image}', ports: [{ containerPort: 8080 }] }] }
---
`;
};

const service = (name: string, type: string, ports: string): string => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: istio-system }
spec: { type: ${type}, selector: { istio: ingressgateway }, ports: [${ports}] }
---
`;

const gateway = (port: number): string => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: local, namespace: serving }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: ${String(port)}, name: http, protocol: HTTP }, hosts: ["*"] }]
`;

describe('a plaintext server', () => {
  const local = service('local', 'ClusterIP', '{ name: http, port: 80, targetPort: 8081 }');
  const door = service('door', 'LoadBalancer', '{ name: http, port: 80, targetPort: 8080 }');

  it.each([
    ['of a port that no Service is known to publish', gateway(8081), 'high'],
    ['of a port that only a Service inside the cluster publishes', local + door + gateway(8081), 'medium'],
    ['of a port whose Services are elsewhere but for one', local + gateway(80), 'high'],
    ['of a port that a load balancer publishes too', local + door + gateway(80), 'high'],
  ])('%s', async (_, text, severity) => {
    expect((await found('GW-001', { 'a.yaml': text })).map((one) => one.severity)).toEqual([severity]);
  });
});

describe('a workload outside of the mesh', () => {
  const enrolled = namespace('bank', 'istio-injection: enabled') + deployment('bank/accounts', '');
  const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`;
  const out = `'sidecar.istio.io/inject': 'false'`;

  it.each([
    [
      'by omission, where others are in it',
      enrolled + namespace('shop') + deployment('shop/cart', ''),
      'absent medium',
    ],
    ['by a label of its own', enrolled + deployment('bank/cart', out), 'optedOut low'],
    ['that has a policy', enrolled + namespace('shop') + deployment('shop/cart', '') + strict, 'void medium'],
    [
      'that looks after the cluster',
      enrolled + namespace('kyverno') + deployment('kyverno/kyverno', ''),
      'addon info',
    ],
    [
      'that is a controller',
      enrolled + deployment('bank/operator', `control-plane: x, ${out}`),
      'addon info',
    ],
    [
      'with a policy, where labels come from elsewhere',
      namespace('shop') + deployment('shop/cart', '') + strict,
      'unlabelled low',
    ],
  ])('%s', async (_, text, told) => {
    const findings = await found('ENR-001', { 'a.yaml': text });
    expect(findings.map(({ messageKey, severity }) => `${messageKey} ${severity}`)).toEqual([told]);
  });
});

describe('a sentence about several environments', () => {
  const sail = (version: string): string => `apiVersion: sailoperator.io/v1
kind: Istio
metadata: { name: default }
spec: { version: v${version}, namespace: istio-system }
`;

  it('pairs each proxy with the control plane of its own environment', async () => {
    const findings = await found('WL-005', {
      'base/a.yaml':
        namespace('shop', 'istio-injection: enabled') +
        deployment('shop/cart', '', 'docker.io/istio/proxyv2:1.22.1'),
      'dev/istio.yaml': sail('1.26.3'),
      'prod/istio.yaml': sail('1.30.0'),
    });
    expect(findings.map(({ message }) => /control plane of (.*?):/.exec(message)?.[1]).sort()).toEqual([
      '1.26',
      '1.30',
    ]);
  });

  it('counts the revisions', async () => {
    const findings = await found('CP-005', {
      'a.yaml': `${sail('1.30.0')}---\n${sail('1.29.0').replace('name: default', 'name: canary')}`,
    });
    expect(findings.map(({ message }) => message.split(' may ')[0])).toEqual([
      'istiod of revisions canary and default',
    ]);
  });
});

it('names each host of a gateway once', async () => {
  const text = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: door, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 443, name: a, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }, hosts: [b.example.com, a.example.com] }
    - { port: { number: 8443, name: b, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }, hosts: [a.example.com] }
`;
  const [finding] = await found('GW-030', { 'a.yaml': text });
  expect(finding?.message).toBe(
    'Gateway shop/door takes routes for a.example.com and b.example.com on ports 443 and 8443 from every namespace.',
  );
});

it('asks a policy for webhooks less strictly when nothing else is known of it', async () => {
  const policy = (name: string): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: shop }
spec: { selector: { matchLabels: { app: ${name} } }, portLevelMtls: { 8443: { mode: PERMISSIVE } } }
`;
  expect(await found('MTLS-002', { 'a.yaml': policy('quota-webhook') })).toMatchObject([
    { severity: 'medium' },
  ]);
  expect(await found('MTLS-002', { 'a.yaml': policy('quota') })).toMatchObject([{ severity: 'high' }]);
});

it('does not take the report of another tool for a refused object', async () => {
  const report = 'apiVersion: gateway.networking.k8s.io/v1alpha1\nkind: ConformanceReport\n';
  expect(await found('REF-002', { 'a.yaml': `${report}date: today\n` })).toEqual([]);
  expect(await found('REF-002', { 'a.yaml': `${report}metadata: { name: x }\n` })).toHaveLength(1);
});

it('leaves open what a variable inside of a list says', async () => {
  const text = (value: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: door, namespace: shop }
spec:
  gatewayClassName: istio
  addresses: [{ type: IPAddress, value: "${value}" }]
  listeners: [{ name: a, port: 80, protocol: HTTP }]
`;
  expect(await found('REF-002', { 'a.yaml': text('${ADDRESS}') })).toEqual([]);
  expect(await found('REF-002', { 'a.yaml': text('nowhere') })).toHaveLength(1);
});

it('tells a name that is indented too little once', async () => {
  const text =
    'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\nname: all\nnamespace: shop\nspec: {}\n';
  expect(await found('REF-003', { 'a.yaml': text })).toEqual([]);
  expect(await found('REF-002', { 'a.yaml': text })).toHaveLength(1);
});

describe('what the experimental channel of the Gateway API knows', () => {
  const route = (version: string, rule: string): string => `apiVersion: gateway.networking.k8s.io/${version}
kind: ${version === 'v1' ? 'HTTPRoute' : 'TCPRoute'}
metadata: { name: shop, namespace: shop }
spec:
  parentRefs: [{ name: door }]
  rules: [{ ${rule}, backendRefs: [{ name: cart, port: 80 }] }]
`;

  it.each([
    ['REF-003', route('v1', 'retry: { attempts: 2 }'), 0],
    ['REF-003', route('v1', 'retries: { attempts: 2 }'), 1],
    ['REF-002', route('v1alpha2', 'name: a'), 0],
    ['REF-002', route('v1alpha9', 'name: a'), 1],
  ])('is left open: %s', async (id, text, count) => {
    expect(await found(id, { 'a.yaml': text })).toHaveLength(count);
  });
});
