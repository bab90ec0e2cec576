import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, object, peerAuthentication, service } from '../manifests.js';
import { ask, entry, kinds, ledger, meshConfig, rule, tls, town } from './ask.js';
import type { Question } from './ask.js';

const mode = (name: string): JsonObject => ({ mtls: { mode: name } });
const ofLedger = { selector: { matchLabels: { app: 'ledger' } } };
const everybody = 'mutual-istio-auto → mutual-istio';
const nobody = 'mutual-istio-auto → none';

describe('automatic mutual TLS', () => {
  // BestEffortInferServiceMTLSMode in pilot/pkg/model/push_context.go, checkMtlsEnabled in pilot/pkg/xds/endpoints/mtls_checker.go
  const rows: readonly (readonly [string, readonly JsonObject[], string])[] = [
    ['to a sidecar', [], everybody],
    ['switched off', [meshConfig({ enableAutoMtls: false })], 'none'],
    [
      'switched off, a rule still asks for it',
      [meshConfig({ enableAutoMtls: false }), rule('pay/r', tls({ mode: 'ISTIO_MUTUAL' }))],
      'mutual-istio',
    ],
    ['the namespace is DISABLE', [peerAuthentication('pay/p', mode('DISABLE'))], 'none'],
    ['the mesh is DISABLE', [peerAuthentication('istio-system/p', mode('DISABLE'))], 'none'],
    [
      'the mesh is DISABLE, the namespace STRICT',
      [peerAuthentication('istio-system/p', mode('DISABLE')), peerAuthentication('pay/p', mode('STRICT'))],
      everybody,
    ],
    [
      'the mesh is DISABLE, the namespace unset',
      [peerAuthentication('istio-system/p', mode('DISABLE')), peerAuthentication('pay/p', {})],
      'none',
    ],
    [
      'of two namespace policies the older',
      [
        peerAuthentication('pay/a', mode('STRICT'), created(3)),
        peerAuthentication('pay/b', mode('DISABLE'), created(2)),
      ],
      'none',
    ],
    ['the workload is DISABLE', [peerAuthentication('pay/p', { ...ofLedger, ...mode('DISABLE') })], nobody],
    [
      'the namespace is DISABLE and the workload STRICT: plaintext to a STRICT server',
      [
        peerAuthentication('pay/all', mode('DISABLE')),
        peerAuthentication('pay/p', { ...ofLedger, ...mode('STRICT') }),
      ],
      'none',
    ],
    [
      "the pod's port is DISABLE",
      [peerAuthentication('pay/p', { ...ofLedger, portLevelMtls: { 8080: { mode: 'DISABLE' } } })],
      nobody,
    ],
    [
      "the Service's port number means nothing",
      [peerAuthentication('pay/p', { ...ofLedger, portLevelMtls: { 80: { mode: 'DISABLE' } } })],
      everybody,
    ],
    [
      'a selector in the root namespace means nothing',
      [peerAuthentication('istio-system/p', { ...ofLedger, ...mode('DISABLE') })],
      everybody,
    ],
  ];
  it.each(rows)('%s', (_, objects, expected) => {
    expect(kinds(objects)).toBe(expected);
  });

  const bare = (labels: Record<string, string>): JsonObject => deployment('pay/ledger', { labels });
  const withServer = (labels: Record<string, string>, ...more: readonly JsonObject[]): string =>
    kinds(more, { base: [...town.filter((one) => !isLedger(one)), bare(labels)] });
  it.each([
    ['a pod without sidecar', { 'sidecar.istio.io/inject': 'false' }, nobody],
    ['a label of its own', { 'security.istio.io/tlsMode': 'disabled' }, nobody],
    [
      'a label that promises mutual TLS without sidecar',
      { 'sidecar.istio.io/inject': 'false', 'security.istio.io/tlsMode': 'istio' },
      everybody,
    ],
  ])('%s', (_, labels, expected) => {
    expect(withServer(labels)).toBe(expected);
  });

  it('a rule never gives a plain pod the mark: port entry without tls under ISTIO_MUTUAL', () => {
    const entries = rule('pay/r', {
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' }, portLevelSettings: [{ port: { number: 80 } }] },
    });
    expect(withServer({ 'sidecar.istio.io/inject': 'false' }, entries)).toBe(nobody);
  });

  it('pods with and without sidecar behind one Service', () => {
    const second = deployment('pay/old', { labels: { app: 'ledger', 'sidecar.istio.io/inject': 'false' } });
    expect(kinds([second])).toBe('mutual-istio-auto → mixed');
    expect(ask([second]).endpoints.map(({ workload, tls: kind }) => [workload?.name, kind])).toEqual([
      ['ledger', 'mutual-istio'],
      ['old', 'none'],
    ]);
  });

  it('a Service without endpoints', () => {
    const empty = service('pay/empty', [{ name: 'http', port: 80 }]);
    expect(kinds([empty], { host: 'empty.pay.svc.cluster.local' })).toBe('mutual-istio-auto → no-endpoints');
  });

  it('addresses managed by hand are plaintext', () => {
    const objects = [
      object('v1/Service', 'pay/hand', { ports: [{ name: 'http', port: 80 }] }),
      {
        ...object('discovery.k8s.io/v1/EndpointSlice', 'pay/hand-1', null, {
          labels: { 'kubernetes.io/service-name': 'hand' },
        }),
        addressType: 'IPv4',
        ports: [{ name: 'http', port: 8080 }],
        endpoints: [{ addresses: ['192.0.2.7'] }],
      },
    ];
    const value = ask(objects, { host: 'hand.pay.svc.cluster.local' });
    expect(value).toMatchObject({ effective: 'none', endpoints: [{ address: '192.0.2.7', port: 8080 }] });
  });
});

function isLedger(one: JsonObject): boolean {
  return one['kind'] === 'Deployment' && JSON.stringify(one).includes('"name":"ledger"');
}

describe('headless Services', () => {
  const headless = object('v1/Service', 'pay/db', {
    clusterIP: 'None',
    selector: { app: 'db' },
    ports: [{ name: 'http', port: 80 }],
  });
  const host = 'db.pay.svc.cluster.local';
  const db = deployment('pay/db');
  const plain = deployment('pay/db-plain', { labels: { app: 'db', 'sidecar.istio.io/inject': 'false' } });

  it('all endpoints with sidecar: mutual TLS for all', () => {
    expect(kinds([headless, db], { host })).toBe('mutual-istio');
  });
  it('one without: plaintext for all', () => {
    expect(kinds([headless, db, plain], { host })).toBe('none');
  });
  it('none at all: plaintext', () => {
    expect(kinds([headless], { host })).toBe('none');
  });
  it("the workload's own policy is not looked at", () => {
    const off = peerAuthentication('pay/p', { selector: { matchLabels: { app: 'db' } }, ...mode('DISABLE') });
    expect(kinds([headless, db, off], { host })).toBe('mutual-istio');
  });
  it('gateways choose among endpoints there too', () => {
    const gateway = deployment('web/gate', { annotations: { 'inject.istio.io/templates': 'gateway' } });
    const question = { host, client: 'web/Deployment/gate' };
    expect(kinds([headless, db, gateway], question)).toBe(everybody);
  });
  it('a rule with PASSTHROUGH makes any Service like it', () => {
    const passing = rule('pay/r', { trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } });
    expect(kinds([passing])).toBe('mutual-istio');
  });
  it('ExternalName Services have no cluster', () => {
    const alias = object('v1/Service', 'pay/alias', {
      type: 'ExternalName',
      externalName: ledger,
      ports: [{ name: 'http', port: 80 }],
    });
    expect(kinds([alias], { host: 'alias.pay.svc.cluster.local' })).toBe('absent');
  });
  it('UDP ports have none either', () => {
    const dns = service('pay/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]);
    expect(kinds([dns], { host: 'dns.pay.svc.cluster.local', port: 53 })).toBe('absent');
  });
});

describe('endpoints of ServiceEntries', () => {
  const host = 'api.example';
  const inside = (spec: JsonObject): JsonObject =>
    entry('pay/e', { hosts: [host], location: 'MESH_INTERNAL', resolution: 'STATIC', ...spec });
  const address = { address: '192.0.2.1' };
  const rows: readonly (readonly [string, readonly JsonObject[], string])[] = [
    ['outside the mesh', [inside({ location: 'MESH_EXTERNAL', endpoints: [address] })], 'none'],
    ['without location, which means outside', [entry('pay/e', { hosts: [host], resolution: 'DNS' })], 'none'],
    ['an address', [inside({ endpoints: [address] })], nobody],
    ['with a service account', [inside({ endpoints: [{ ...address, serviceAccount: 'vm' }] })], everybody],
    [
      'with a label',
      [inside({ endpoints: [{ ...address, labels: { 'security.istio.io/tlsMode': 'istio' } }] })],
      everybody,
    ],
    [
      'a label goes before the account',
      [
        inside({
          endpoints: [{ ...address, serviceAccount: 'vm', labels: { 'security.istio.io/tlsMode': 'x' } }],
        }),
      ],
      nobody,
    ],
    [
      'whose PeerAuthentication is DISABLE',
      [
        inside({ endpoints: [{ ...address, serviceAccount: 'vm', labels: { app: 'vm' } }] }),
        peerAuthentication('pay/p', { selector: { matchLabels: { app: 'vm' } }, ...mode('DISABLE') }),
      ],
      nobody,
    ],
    ['pods', [inside({ workloadSelector: { labels: { app: 'ledger' } } })], everybody],
    ['DNS without endpoints is the host itself', [inside({ resolution: 'DNS' })], nobody],
    [
      'a name among static addresses is left out',
      [inside({ endpoints: [{ address: 'x.example' }] })],
      'mutual-istio-auto → no-endpoints',
    ],
    ['NONE without endpoints', [inside({ resolution: 'NONE' })], 'none'],
    [
      'DNS that selects nobody has no cluster',
      [inside({ resolution: 'DNS', workloadSelector: { labels: { app: 'x' } } })],
      'absent',
    ],
  ];
  it.each(rows)('%s', (_, objects, expected) => {
    expect(kinds(objects, { host })).toBe(expected);
  });

  const machine = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject =>
    object(
      'networking.istio.io/v1/WorkloadEntry',
      'pay/vm',
      { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm', ...spec },
      metadata,
    );
  it('WorkloadEntries that it selects, with their own ports', () => {
    const value = ask(
      [inside({ workloadSelector: { labels: { app: 'vm' } } }), machine({ ports: { http: 7000 } })],
      { host },
    );
    expect(value).toMatchObject({
      effective: 'mutual-istio',
      endpoints: [{ address: '192.0.2.9', port: 7000, workload: { name: 'vm' } }],
      subjectAltNames: ['spiffe://cluster.local/ns/pay/sa/vm'],
    });
  });
  it('WorkloadEntries behind a Kubernetes Service', () => {
    const vm = service('pay/vm', [{ name: 'http', port: 80 }]);
    expect(kinds([vm, machine()], { host: 'vm.pay.svc.cluster.local' })).toBe(everybody);
  });
  it('one that is not known to be healthy is left out', () => {
    const sick = machine({}, { annotations: { 'proxy.istio.io/health-checks-enabled': 'true' } });
    const objects = [inside({ workloadSelector: { labels: { app: 'vm' } } }), sick];
    expect(kinds(objects, { host })).toBe('mutual-istio-auto → no-endpoints');
  });
  it('a wildcard that the proxy resolves itself: SNI from the Host header, for some protocols only', () => {
    const wild = entry('pay/w', {
      hosts: ['*.example'],
      resolution: 'DYNAMIC_DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 81, name: 'tcp', protocol: 'TCP' },
      ],
    });
    const settings = rule('pay/r', { host: '*.example', ...tls({ mode: 'SIMPLE', sni: 'x' }) });
    const question: Question = { host: '*.example' };
    expect(ask([wild, settings], question)).toMatchObject({ tls: 'simple', autoSanValidation: true });
    expect(kinds([wild, settings], { ...question, port: 81 })).toBe('absent');
  });
});
