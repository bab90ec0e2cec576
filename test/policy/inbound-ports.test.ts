import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { InboundPort } from '#policy/policies.js';
import { created, deployment, namespace, object, policiesOf, service, workload } from './manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });

function portsOf(
  objects: readonly JsonObject[],
  pod: JsonObject = deployment('shop/web'),
): readonly InboundPort[] {
  const policies = policiesOf([shop, pod, ...objects]);
  return policies.inboundPorts(workload(policies.mesh, 'shop/Deployment/web'));
}

function protocols(objects: readonly JsonObject[], pod?: JsonObject): string {
  return portsOf(objects, pod)
    .map(({ number, protocol }) => `${String(number)} ${protocol}`)
    .join(', ');
}

describe('protocol of a port (pkg/config/kube/conversion.go, pilot/pkg/networking/networking.go)', () => {
  const table: readonly [string, JsonObject, string][] = [
    ['http by name', { name: 'http', port: 80, targetPort: 8080 }, '8080 HTTP'],
    ['grpc-web by name', { name: 'grpc-web-x', port: 80, targetPort: 8080 }, '8080 HTTP'],
    ['https is opaque', { name: 'https', port: 443, targetPort: 8443 }, '8443 TCP'],
    ['mysql', { name: 'mysql-db', port: 3307 }, '3307 TCP'],
    ['no readable name', { name: 'web', port: 8080 }, '8080 AUTO'],
    [
      'server speaks first, by the Service’s port',
      { name: 'db', port: 3306, targetPort: 13306 },
      '13306 TCP',
    ],
    ['appProtocol replaces the name', { name: 'http', port: 80, appProtocol: 'tcp' }, '80 TCP'],
    ['an appProtocol that Istio does not know', { name: 'http', port: 80, appProtocol: 'h2c' }, '80 AUTO'],
    ['Kubernetes’ own names', { name: 'x', port: 80, appProtocol: 'kubernetes.io/h2c' }, '80 HTTP'],
    ['UDP is none', { name: 'http', port: 80, protocol: 'UDP' }, ''],
  ];
  it.each(table)('%s', (_title, port, expected) => {
    expect(protocols([service('shop/web', [port])])).toBe(expected);
  });
});

describe('ports of a workload', () => {
  it('named target ports are looked up in containers and native sidecars', () => {
    const spec: JsonObject = {
      containers: [{ name: 'application', ports: [{ name: 'api', containerPort: 8080 }] }],
      initContainers: [
        { name: 'agent', restartPolicy: 'Always', ports: [{ name: 'metrics', containerPort: 9100 }] },
        { name: 'setup', ports: [{ name: 'never', containerPort: 1 }] },
      ],
    };
    const ports = ['api', 'metrics', 'never', 'absent'].map((name, index) => ({
      name: `http-${name}`,
      port: 80 + index,
      targetPort: name,
    }));
    expect(protocols([service('shop/web', ports)], deployment('shop/web', { spec }))).toBe(
      '8080 HTTP, 9100 HTTP',
    );
  });

  it('ports in no Service are detected; those of the proxy are left out', () => {
    const spec: JsonObject = {
      containers: [
        { name: 'application', ports: [{ containerPort: 9000 }, { containerPort: 53, protocol: 'UDP' }] },
        { name: 'istio-proxy', image: 'auto', ports: [{ containerPort: 15090 }] },
      ],
    };
    expect(protocols([], deployment('shop/web', { spec }))).toBe('9000 AUTO');
  });

  it('of two Services on one port the oldest decides, of one age the first hostname', () => {
    const one = (name: string, protocol: string, day?: number): JsonObject =>
      service(`shop/${name}`, [{ name: protocol, port: 80, targetPort: 8080 }], {
        of: 'web',
        ...(day === undefined ? {} : created(day)),
      });
    expect(protocols([one('a', 'http', 2), one('b', 'tcp', 1)])).toBe('8080 TCP');
    expect(protocols([one('pay', 'http'), one('pay-alt', 'tcp')])).toBe('8080 TCP');
    const [port] = portsOf([one('pay', 'http'), one('pay-alt', 'tcp')]);
    expect(port?.services.map(({ service: { name }, port: number }) => `${name}:${String(number)}`)).toEqual([
      'pay-alt:80',
      'pay:80',
    ]);
    expect(port?.at).toMatchObject({ resource: { name: 'pay-alt' }, path: ['spec', 'ports', 0] });
  });

  it('ingress listeners of a Sidecar replace those of Services', () => {
    const services = service('shop/web', [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'tcp', port: 9000 },
    ]);
    const sidecar = (extra: JsonObject = {}): JsonObject =>
      object('networking.istio.io/v1/Sidecar', 'shop/web', {
        ingress: [{ port: { number: 9000, protocol: 'HTTP', name: 'x' } }],
        ...extra,
      });
    expect(protocols([services, sidecar()])).toBe('8080 AUTO, 9000 HTTP');
    expect(protocols([services, sidecar({ workloadSelector: { labels: { app: 'other' } } })])).toBe(
      '8080 HTTP, 9000 TCP',
    );
    const istiod = deployment('istio-system/istiod', {
      spec: {
        containers: [
          {
            name: 'discovery',
            image: 'istio/pilot:1.30.2',
            env: [{ name: 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', value: 'true' }],
          },
        ],
      },
    });
    expect(protocols([services, sidecar(), istiod])).toBe('8080 HTTP, 9000 HTTP');
  });
});

describe('g.8 ServiceEntries that select the workload (SetServiceTargets in pilot/pkg/model/context.go)', () => {
  const entry = (spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
    object(
      'networking.istio.io/v1/ServiceEntry',
      'shop/entry',
      { hosts: ['web.example'], workloadSelector: { labels: { app: 'web' } }, ...spec },
      metadata,
    );
  const http = { number: 80, targetPort: 8080, name: 'x', protocol: 'HTTP' };
  const named = deployment('shop/web', { ports: [{ name: 'x', containerPort: 9090 }] });
  it.each<[string, readonly JsonObject[], JsonObject | undefined, string]>([
    ['by target port', [entry({ ports: [http] })], undefined, '8080 HTTP'],
    [
      'by number where there is none',
      [entry({ ports: [{ number: 80, name: 'x', protocol: 'GRPC' }] })],
      undefined,
      '80 HTTP',
    ],
    ['the pod’s port of that name goes before', [entry({ ports: [http] })], named, '9090 HTTP'],
    [
      'a protocol that Istio does not read',
      [entry({ ports: [{ ...http, protocol: 'FOO' }] })],
      undefined,
      '8080 AUTO',
    ],
    ['other labels', [entry({ ports: [http], workloadSelector: { labels: { app: 'api' } } })], undefined, ''],
    ['without a selector', [entry({ ports: [http], workloadSelector: null })], undefined, ''],
    [
      'an older Service goes before',
      [service('shop/web', [{ name: 'tcp', port: 8080 }], created(1)), entry({ ports: [http] }, created(2))],
      undefined,
      '8080 TCP',
    ],
    [
      'an older entry goes before',
      [service('shop/web', [{ name: 'tcp', port: 8080 }], created(2)), entry({ ports: [http] }, created(1))],
      undefined,
      '8080 HTTP',
    ],
    [
      'of one age the host that sorts first',
      [service('shop/web', [{ name: 'tcp', port: 8080 }]), entry({ ports: [http], hosts: ['a.example'] })],
      undefined,
      '8080 HTTP',
    ],
  ])('%s', (_title, objects, pod, expected) => {
    expect(protocols(objects, pod)).toBe(expected);
  });
});

describe('a.18 TLS of a Sidecar ingress listener (buildInboundChainConfigs in listener_inbound.go)', () => {
  const ingress = object('networking.istio.io/v1/Sidecar', 'shop/own', {
    ingress: [
      { port: { number: 8443, protocol: 'HTTPS', name: 'x' }, tls: { mode: 'SIMPLE', credentialName: 'c' } },
    ],
  });
  const disabled = object('security.istio.io/v1/PeerAuthentication', 'shop/off', {
    mtls: { mode: 'DISABLE' },
  });
  const istiod = (value: string): JsonObject =>
    deployment('istio-system/istiod', {
      spec: {
        containers: [
          {
            name: 'discovery',
            image: 'istio/pilot:1.31.0',
            env: [{ name: 'ENABLE_TLS_ON_SIDECAR_INGRESS', value }],
          },
        ],
      },
    });
  it.each<[string, JsonObject[], string, JsonObject]>([
    ['is not read without the switch', [istiod('false'), disabled], '8443 TCP', { value: 'DISABLE' }],
    [
      'ends at the proxy with it; whom it lets in is open',
      [istiod('true'), disabled],
      '8443 HTTP',
      { known: false, missing: [{ key: 'sidecar-ingress-tls' }] },
    ],
    ['counts in the place of plaintext only', [istiod('true')], '8443 HTTP', { value: 'PERMISSIVE' }],
  ])('%s', (_title, objects, expected, mode) => {
    expect(protocols([ingress, ...objects])).toBe(expected);
    const policies = policiesOf([shop, deployment('shop/web'), ingress, ...objects]);
    expect(policies.peerMtls(workload(policies.mesh, 'shop/Deployment/web'), 8443)).toMatchObject(mode);
  });
});

describe('a workload with many ports', () => {
  const many = Array.from({ length: 12 }, (_, index) => 9000 + index);
  const pod = deployment('shop/web', { ports: many.map((number) => ({ containerPort: number })) });
  const served = many.map((number) => ({ name: `http-${String(number)}`, port: number }));

  it('has each once, with the protocol and the Services that it would have alone', () => {
    const together = portsOf([service('shop/web', served), service('shop/other', served)], pod);
    expect(together.map(({ number }) => number)).toEqual(many);
    for (const [index, one] of served.entries()) {
      const single = deployment('shop/web', { ports: [{ containerPort: one.port }] });
      const [alone] = portsOf([service('shop/web', [one]), service('shop/other', [one])], single);
      expect(together[index]?.protocol).toBe(alone?.protocol);
      expect(together[index]?.services.map(({ service: { name }, port }) => [name, port])).toEqual(
        alone?.services.map(({ service: { name }, port }) => [name, port]),
      );
    }
  });
});
