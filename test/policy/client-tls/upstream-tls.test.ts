import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ClientTls } from '#policy/client-tls/client-tls.js';
import { deployment, namespace, object, service } from '../manifests.js';
import { ask, decide, entry, meshConfig, rule, tls, town } from './ask.js';
import type { Question } from './ask.js';

function pick(value: ClientTls): JsonObject {
  const { sni, subjectAltNames, verifies, checksName, ca, clientCertificate } = value;
  return {
    tls: value.tls,
    sni,
    names: subjectAltNames.map((name) => name.replace('spiffe://cluster.local', '')),
    verifies,
    checksName,
    ca,
    certificate: clientCertificate,
  };
}

const account = '/ns/pay/sa/ledger';
const meshSni = 'outbound_.80_._.ledger.pay.svc.cluster.local';
const files = { clientCertificate: '/etc/c.pem', privateKey: '/etc/k.pem' };
const pair = 'file-cert:/etc/c.pem~/etc/k.pem';
const plain = { tls: 'none', names: [] };
const proxyMetadata = Object.fromEntries(
  Object.entries({ CERT_CHAIN: '/c', KEY: '/k', ROOT_CERT: '/r' }).map(([name, path]) => [
    `ISTIO_META_TLS_CLIENT_${name}`,
    path,
  ]),
);

type Row = readonly [name: string, settings: JsonObject, expected: JsonObject, port?: number];

describe('what a tls block makes of a cluster', () => {
  // buildUpstreamTLSSettings and buildUpstreamClusterTLSContext in pilot/pkg/networking/core/cluster_tls.go
  const rows: readonly Row[] = [
    ['DISABLE', { mode: 'DISABLE' }, plain],
    ['no mode is DISABLE', {}, plain],
    [
      "ISTIO_MUTUAL pins the endpoints' identities",
      { mode: 'ISTIO_MUTUAL' },
      {
        tls: 'mutual-istio',
        sni: meshSni,
        names: [account],
        verifies: true,
        checksName: 'list',
        ca: 'ROOTCA',
        certificate: 'default',
      },
    ],
    [
      'with names and SNI of its own',
      { mode: 'ISTIO_MUTUAL', sni: 'a.example', subjectAltNames: ['b.example'] },
      { tls: 'mutual-istio', sni: 'a.example', names: ['b.example'], checksName: 'list' },
    ],
    [
      'it always verifies',
      { mode: 'ISTIO_MUTUAL', insecureSkipVerify: true },
      { verifies: true, checksName: 'list' },
    ],
    ['and knows no credentials', { mode: 'ISTIO_MUTUAL', credentialName: 'c' }, { tls: 'mutual-istio' }],
    [
      'SIMPLE trusts the system and checks the Host header',
      { mode: 'SIMPLE' },
      {
        tls: 'simple',
        sni: undefined,
        names: [],
        verifies: true,
        checksName: 'host',
        ca: 'file-root:system',
        certificate: undefined,
      },
    ],
    ['of which TCP has none', { mode: 'SIMPLE' }, { tls: 'simple', verifies: true, checksName: 'no' }, 90],
    ['with a CA', { mode: 'SIMPLE', caCertificates: '/etc/ca.pem' }, { ca: 'file-root:/etc/ca.pem' }],
    [
      'an SNI alone checks no name',
      { mode: 'SIMPLE', sni: 'a.example' },
      { sni: 'a.example', checksName: 'no' },
    ],
    [
      'names alone',
      { mode: 'SIMPLE', subjectAltNames: ['b.example'] },
      { names: ['b.example'], checksName: 'list' },
    ],
    [
      'both',
      { mode: 'SIMPLE', sni: 'a', subjectAltNames: ['b'] },
      { sni: 'a', names: ['b'], checksName: 'list' },
    ],
    [
      'insecureSkipVerify changes nothing of ISTIO_MUTUAL',
      { mode: 'ISTIO_MUTUAL', insecureSkipVerify: true },
      { tls: 'mutual-istio', sni: meshSni, names: [account], verifies: true },
    ],
    [
      'insecureSkipVerify',
      { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['b'] },
      { tls: 'simple', names: [], verifies: false, checksName: 'no', ca: undefined },
    ],
    [
      'MUTUAL with files',
      { mode: 'MUTUAL', ...files },
      { tls: 'mutual', ca: 'file-root:system', certificate: pair },
    ],
    ['MUTUAL without certificate is plaintext', { mode: 'MUTUAL' }, plain],
    ['MUTUAL without key is plaintext', { mode: 'MUTUAL', clientCertificate: '/etc/c.pem' }, plain],
    ['a credential on a sidecar is plaintext', { mode: 'SIMPLE', credentialName: 'c' }, plain],
    ['with MUTUAL too', { mode: 'MUTUAL', credentialName: 'c' }, plain],
    [
      'a ConfigMap may be used by sidecars',
      { mode: 'SIMPLE', credentialName: 'configmap://lab/ca' },
      { tls: 'simple', ca: 'configmap://lab/ca-cacert', checksName: 'host' },
    ],
  ];
  for (const [name, settings, expected, port = 80] of rows) {
    it(name, () => {
      expect(pick(ask([rule('pay/r', tls(settings))], { port }))).toMatchObject(expected);
    });
  }

  it('says why TLS that was asked for does not come about', () => {
    const value = ask([rule('pay/r', tls({ mode: 'SIMPLE', credentialName: 'c' }))]);
    expect(value.downgrade).toContain('credentialName');
    expect(ask([rule('pay/r', tls({ mode: 'DISABLE' }))]).downgrade).toBeUndefined();
  });

  it('a rule with workloadSelector gives sidecars the credential', () => {
    const selecting = {
      workloadSelector: { matchLabels: {} },
      ...tls({ mode: 'SIMPLE', credentialName: 'c' }),
    };
    expect(pick(ask([rule('web/r', selecting)]))).toMatchObject({
      tls: 'simple',
      ca: 'kubernetes://c-cacert',
    });
  });

  it('gateways use credentials', () => {
    const gateway = deployment('web/gate', { annotations: { 'inject.istio.io/templates': 'gateway' } });
    const question: Question = { client: 'web/Deployment/gate', base: [...town, gateway] };
    const settings = { mode: 'MUTUAL', credentialName: 'c' };
    expect(pick(ask([rule('pay/r', tls(settings))], question))).toMatchObject({
      tls: 'mutual',
      ca: 'kubernetes://c-cacert',
      certificate: 'kubernetes://c',
    });
  });

  it("client certificates of the proxy itself take the place of the mesh's", () => {
    expect(pick(ask([meshConfig({ defaultConfig: { proxyMetadata } })]))).toMatchObject({
      tls: 'mutual',
      names: [account],
      ca: 'file-root:/r',
      certificate: 'file-cert:/c~/k',
    });
  });

  it('to services outside the mesh those of a rule go before them, unless istiod is told otherwise', () => {
    const istiod = (value: string): JsonObject => {
      const env = [{ name: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', value }];
      const container = { name: 'discovery', image: 'registry.example/pilot:1.31.0', env };
      return object('apps/v1/Deployment', 'istio-system/istiod', {
        template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } },
      });
    };
    const certificate = (value: string, host = 'bank.example'): string | undefined =>
      ask(
        [
          meshConfig({ defaultConfig: { proxyMetadata } }),
          istiod(value),
          entry('web/bank', {
            hosts: ['bank.example'],
            resolution: 'STATIC',
            endpoints: [{ address: '192.0.2.1' }],
          }),
          rule('web/bank', { host: 'bank.example', ...tls({ mode: 'MUTUAL', ...files }) }),
          rule('web/own', tls({ mode: 'MUTUAL', ...files })),
        ],
        { host },
      ).clientCertificate;
    expect(certificate('true')).toBe(pair);
    expect(certificate('false')).toBe('file-cert:/c~/k');
    expect(certificate('true', 'ledger.pay.svc.cluster.local')).toBe('file-cert:/c~/k');
  });

  it.each([
    ['1.20.0', {}, false],
    ['1.20.0', { VERIFY_CERTIFICATE_AT_CLIENT: 'true' }, true],
    ['1.22.0', {}, true],
    ['1.22.0', { VERIFY_CERTIFICATE_AT_CLIENT: 'false' }, false],
    ['1.24.0', { VERIFY_CERTIFICATE_AT_CLIENT: 'false' }, true],
  ])('Istio %s with %j verifies without CA: %s', (version, env, expected) => {
    const container = {
      name: 'discovery',
      image: `registry.example/pilot:${version}`,
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
    };
    const istiod = object('apps/v1/Deployment', 'istio-system/istiod', {
      template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } },
    });
    expect(ask([istiod, rule('pay/r', tls({ mode: 'SIMPLE' }))]).verifies).toBe(expected);
  });
});

describe('names of ServiceEntries', () => {
  const outside = (spec: JsonObject): JsonObject =>
    entry('pay/outside', { hosts: ['api.example'], resolution: 'DNS', ...spec });
  const host = 'api.example';
  const originate = (settings: JsonObject = {}): JsonObject =>
    rule('pay/r', { host, ...tls({ mode: 'SIMPLE', ...settings }) });

  // constructUpstreamTLS in pilot/pkg/networking/core/cluster_tls.go: applied after the automatic check was decided
  it('hold beside the automatic check where the rule has none', () => {
    const value = ask([outside({ subjectAltNames: ['b.example'] }), originate()], { host });
    expect(pick(value)).toMatchObject({ tls: 'simple', names: ['b.example'], checksName: 'list+host' });
  });

  it("and give way to the rule's", () => {
    const value = ask([outside({ subjectAltNames: ['b'] }), originate({ subjectAltNames: ['c'] })], { host });
    expect(pick(value)).toMatchObject({ names: ['c'], checksName: 'list' });
  });

  it('a port of unknown protocol is checked when it turns out to be HTTP', () => {
    const ports = [{ number: 80, name: 'x', protocol: 'XYZ' }];
    expect(ask([outside({ ports }), originate()], { host }).checksName).toBe('host-if-http');
  });

  it("ISTIO_MUTUAL shows an outside host the mesh's certificate", () => {
    const settings = tls({ mode: 'ISTIO_MUTUAL' });
    const value = ask([outside({}), rule('pay/r', { host, ...settings })], { host });
    expect(pick(value)).toMatchObject({
      tls: 'mutual-istio',
      names: [],
      checksName: 'no',
      certificate: 'default',
    });
  });
});

describe('identities of a service', () => {
  const identities = (objects: readonly JsonObject[], question: Question = {}): readonly string[] =>
    ask([rule('pay/r', tls({ mode: 'ISTIO_MUTUAL' })), ...objects], question).subjectAltNames;

  // addServiceAccounts in pilot/pkg/model/push_context.go
  it('are those of all endpoints, with or without sidecar, in text order', () => {
    const second = deployment('pay/audit', {
      labels: { app: 'ledger', 'sidecar.istio.io/inject': 'false' },
      spec: { serviceAccountName: 'audit' },
    });
    expect(identities([second])).toEqual([
      'spiffe://cluster.local/ns/pay/sa/audit',
      'spiffe://cluster.local/ns/pay/sa/ledger',
    ]);
  });

  it('under all trust domains of the mesh', () => {
    expect(identities([meshConfig({ trustDomain: 'new', trustDomainAliases: ['old'] })])).toEqual([
      'spiffe://new/ns/pay/sa/ledger',
      'spiffe://old/ns/pay/sa/ledger',
    ]);
  });

  it('and those that the Service itself names', () => {
    const annotations = {
      'alpha.istio.io/kubernetes-serviceaccounts': 'vault',
      'alpha.istio.io/canonical-serviceaccounts': 'spiffe://other/x',
    };
    const named = object(
      'v1/Service',
      'pay/vault',
      { selector: { app: 'vault' }, ports: [{ name: 'http', port: 80 }] },
      { annotations },
    );
    const host = 'vault.pay.svc.cluster.local';
    const value = ask([named, rule('pay/r', { host, ...tls({ mode: 'ISTIO_MUTUAL' }) })], { host });
    expect(value.subjectAltNames).toEqual(['spiffe://cluster.local/ns/pay/sa/vault', 'spiffe://other/x']);
  });

  it('none are known without endpoints: any identity of the mesh passes', () => {
    const base = [
      namespace('web', { 'istio-injection': 'enabled' }),
      deployment('web/front'),
      service('pay/ledger', [{ name: 'http', port: 80 }]),
    ];
    const value = ask([rule('pay/r', tls({ mode: 'ISTIO_MUTUAL' }))], { base });
    expect(value).toMatchObject({ subjectAltNames: [], checksName: 'no', effective: 'mutual-istio' });
  });
});

describe('the reason', () => {
  it('is the block that decided, with the rules that were looked at', () => {
    const decision = decide([rule('pay/r', tls({ mode: 'SIMPLE' }))]);
    expect(decision.known && decision.decidedBy).toMatchObject({ path: ['spec', 'trafficPolicy', 'tls'] });
    expect(decision.considered.map(({ note }) => note)).toContain('the rule that the client uses');
  });
});
