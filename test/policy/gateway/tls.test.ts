import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created } from '../manifests.js';
import {
  ask,
  connect,
  door,
  edge,
  gateway,
  plainService,
  routes,
  said,
  secret,
  server,
  simple,
  to,
  town,
  virtualService,
} from './edge.js';
import type { Probe } from './edge.js';

const web = to('web.shop.svc.cluster.local:80');
const raw = to('raw.shop.svc.cluster.local:7000');
const host = 'shop.example';
const cert = secret('edge/cert');
const all = routes('shop/all', ['*'], [web]);
const tls = (mode: string, extra: JsonObject = {}): JsonObject => ({
  mode,
  credentialName: 'cert',
  ...extra,
});
const https = (settings: JsonObject, hosts: readonly string[] = [host]): JsonObject =>
  gateway('edge/gw', [server('HTTPS', 443, hosts, settings)]);
const yes = 'routed web.shop:80';
const no = 'tls-refused';

describe('TLS that ends at the gateway (BuildListenerTLSContext in pilot/pkg/networking/core/listener.go)', () => {
  const trusted: Probe = { sni: host, certificate: 'trusted' };
  const untrusted: Probe = { sni: host, certificate: 'untrusted' };
  const names = (name: string): JsonObject => tls('MUTUAL', { subjectAltNames: [name] });

  const cases: readonly [string, JsonObject, Probe, string][] = [
    ['SIMPLE asks for no certificate', https(simple), { sni: host }, yes],
    ['… and looks at none', https(simple), untrusted, yes],
    ['another server name', https(simple), { sni: 'other.example' }, no],
    ['no server name', https(simple), { sni: '' }, no],
    ['no server name where all are served', https(simple, ['*']), { sni: '' }, yes],
    ['a server name in capitals', https(simple), { sni: 'SHOP.example' }, yes],
    ['plaintext', https(simple), { port: 8443 }, 'closed'],
    ['bytes that are not HTTP', https(simple), { sni: host, raw: true }, 'http-only'],
    ['MUTUAL without certificate', https(tls('MUTUAL')), { sni: host }, no],
    ['… seen late by who says nothing', https(tls('MUTUAL')), { sni: host, raw: true }, 'closed'],
    ['MUTUAL with a good one', https(tls('MUTUAL')), trusted, yes],
    ['MUTUAL with a bad one', https(tls('MUTUAL')), untrusted, no],
    ['MUTUAL that verifies nothing', https(tls('MUTUAL', { insecureSkipVerify: true })), untrusted, yes],
    ['the name that is asked for', https(names('guest.example')), trusted, yes],
    ['another name', https(names('host.example')), trusted, no],
    ['OPTIONAL_MUTUAL without', https(tls('OPTIONAL_MUTUAL')), { sni: host }, yes],
    ['OPTIONAL_MUTUAL with a bad one', https(tls('OPTIONAL_MUTUAL')), untrusted, no],
    ['ISTIO_MUTUAL', https({ mode: 'ISTIO_MUTUAL' }), trusted, yes],
    ['ISTIO_MUTUAL without', https({ mode: 'ISTIO_MUTUAL' }), { sni: host }, no],
    ['files', https({ mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' }), { sni: host }, yes],
    [
      'HTTP keeps speaking plaintext whatever its tls block says',
      gateway('edge/gw', [server('HTTP', 443, [host], simple)]),
      { port: 8443 },
      yes,
    ],
    ['TLS at a plaintext HTTP port', gateway('edge/gw', [server('HTTP', 80)]), { sni: host, port: 8080 }, no],
  ];
  it.each(cases)('%s', (_title, open, probe, expected) => {
    expect(ask([open, all, cert], probe)).toBe(expected);
  });

  it('the more exact server name wins', () => {
    const servers = [
      server('HTTPS', 443, ['*.example'], simple),
      server('HTTPS', 443, ['closed.example'], tls('MUTUAL')),
    ];
    const parts = [gateway('edge/gw', servers), all, cert];
    expect(ask(parts, { sni: 'open.example', host: 'open.example' })).toBe(yes);
    expect(ask(parts, { sni: 'closed.example', host: 'closed.example' })).toBe(no);
    expect(ask(parts, { sni: 'a.b.example', host: 'a.b.example' })).toBe(yes);
    // The Host header is the client's own: a wildcard's routes hold for the name of the stricter server, too.
    expect(ask(parts, { sni: 'open.example', host: 'closed.example' })).toBe(yes);
  });
  it('servers with names of their own keep their routes apart', () => {
    const servers = [
      server('HTTPS', 443, ['open.example'], simple),
      server('HTTPS', 443, ['closed.example'], tls('MUTUAL')),
    ];
    const parts = [gateway('edge/gw', servers), all, cert];
    expect(ask(parts, { sni: 'open.example', host: 'closed.example' })).toBe('not-found 404');
  });
});

describe('credentials (filterAuthorizedResources in pilot/pkg/xds/sds.go, pilot/pkg/credentials/kube/secrets.go)', () => {
  const cases: readonly [string, JsonObject, readonly JsonObject[], Probe, string][] = [
    ['no Secret of the name', simple, [secret('edge/other')], { sni: host }, no],
    ['in another namespace', simple, [secret('shop/cert')], { sni: host }, no],
    [
      'named with a foreign namespace',
      { ...simple, credentialName: 'kubernetes://shop/cert' },
      [secret('shop/cert')],
      { sni: host },
      no,
    ],
    ['without a key', simple, [secret('edge/cert', ['tls.crt'])], { sni: host }, no],
    ['in Istio’s own form', simple, [secret('edge/cert', ['cert', 'key'])], { sni: host }, yes],
    [
      'MUTUAL without a CA',
      tls('MUTUAL'),
      [secret('edge/cert', ['tls.crt', 'tls.key'])],
      { sni: host, certificate: 'trusted' },
      no,
    ],
    [
      'MUTUAL with the CA in a Secret of its own',
      tls('MUTUAL'),
      [secret('edge/cert', ['tls.crt', 'tls.key']), secret('edge/cert-cacert', ['ca.crt'])],
      { sni: host, certificate: 'trusted' },
      yes,
    ],
    ['the pod’s own certificate', { mode: 'SIMPLE', credentialName: 'builtin://' }, [], { sni: host }, yes],
  ];
  it.each(cases)('%s', (_title, settings, secrets, probe, expected) => {
    expect(ask([https(settings), all, ...secrets], probe)).toBe(expected);
  });
  it('are not known where the input holds no Secret at all', () => {
    const policies = edge(...town, ...door(), https(simple), all);
    const { outcome, missing } = connect(policies, { sni: host });
    expect(outcome).toBe('unknown');
    expect(missing).toEqual([{ key: 'credential', text: 'Secret edge/cert: the input holds no Secrets' }]);
    expect(connect(policies, { port: 8443, host }).outcome).toBe('closed');
  });
  it('another server of the port goes on', () => {
    const servers = [
      server('HTTPS', 443, [host], simple),
      server('HTTPS', 443, ['other.example'], { ...simple, credentialName: 'other' }),
    ];
    const parts = [gateway('edge/gw', servers), all, secret('edge/other')];
    expect(ask(parts, { sni: host })).toBe(no);
    expect(ask(parts, { sni: 'other.example', host: 'other.example' })).toBe(yes);
  });
});

describe('redirects to https (buildGatewayHTTPRouteConfig in pilot/pkg/networking/core/gateway.go)', () => {
  const redirecting = server('HTTP', 80, [host], { httpsRedirect: true });
  it('answer before any route, and without one', () => {
    expect(ask([gateway('edge/gw', [redirecting])], { path: '/x' })).toBe('redirect 301');
    expect(ask([gateway('edge/gw', [redirecting]), all], {})).toBe('redirect 301');
    expect(ask([gateway('edge/gw', [redirecting]), all], { host: 'other.example' })).toBe('not-found 404');
  });
  it.each([1, 3])('win over a server of the host that has none, at age %i', (day) => {
    const parts = [
      gateway('edge/gw', [redirecting], created(day)),
      gateway('edge/gw2', [server('HTTP', 80, [host])], created(2)),
      routes('shop/all', ['*'], [web], { spec: { gateways: ['edge/gw2'] } }),
    ];
    expect(ask(parts, {})).toBe('redirect 301');
  });
});

describe('streams (buildGatewayNetworkFiltersFromTCPRoutes, …FromTLSRoutes in pilot/pkg/networking/core/gateway.go)', () => {
  const passing = (hosts: readonly string[] = ['*']): JsonObject =>
    gateway('edge/gw', [server('TLS', 443, hosts, { mode: 'PASSTHROUGH' })]);
  const bySni = (sniHosts: readonly string[], place = 'shop/tls', match: JsonObject = {}): JsonObject =>
    virtualService(place, {
      hosts: sniHosts,
      gateways: ['edge/gw'],
      tls: [{ match: [{ sniHosts, ...match }], ...raw }],
    });
  const tcp = (match?: JsonObject): JsonObject =>
    virtualService('shop/tcp', {
      hosts: ['*'],
      gateways: ['edge/gw'],
      tcp: [{ ...(match === undefined ? {} : { match: [match] }), ...raw }],
    });
  const plain = gateway('edge/gw', [server('TCP', 9000)]);
  const passed = 'passthrough raw.shop:7000';

  const cases: readonly [string, readonly JsonObject[], Probe, string][] = [
    ['passed on by server name', [passing(), bySni([host])], { sni: host }, passed],
    ['another name', [passing(), bySni([host])], { sni: 'other.example' }, no],
    ['by wildcard', [passing(), bySni(['*.example'])], { sni: host }, passed],
    ['plaintext', [passing(), bySni([host])], { port: 8443 }, 'closed'],
    [
      'plaintext where every name is passed on',
      [passing(), bySni(['*'])],
      { port: 8443, raw: true },
      'tcp raw.shop:7000',
    ],
    [
      'a tls block without mode passes on',
      [gateway('edge/gw', [server('HTTPS', 443, ['*'], {})]), bySni([host])],
      { sni: host },
      passed,
    ],
    ['http rules serve no stream', [passing(), all], { sni: host }, 'no-listener'],
    [
      'a rule for another port',
      [passing(), bySni([host], 'shop/tls', { port: 8443 })],
      { sni: host },
      'no-listener',
    ],
    [
      'a rule for another gateway',
      [passing(), bySni([host], 'shop/tls', { gateways: ['mesh'] })],
      { sni: host },
      'no-listener',
    ],
    [
      'a destination that does not exist',
      [
        passing(),
        virtualService('shop/tls', {
          hosts: [host],
          gateways: ['edge/gw'],
          tls: [{ match: [{ sniHosts: [host] }], ...to('nothing:1') }],
        }),
      ],
      { sni: host },
      no,
    ],
    ['TCP', [plain, tcp()], { port: 9000, raw: true }, 'tcp raw.shop:7000'],
    ['HTTP over TCP', [plain, tcp({ port: 9000 })], { port: 9000 }, 'tcp raw.shop:7000'],
    ['TCP for another port', [plain, tcp({ port: 9001 })], { port: 9000 }, 'no-listener'],
    ['TCP without a rule', [plain], { port: 9000 }, 'no-listener'],
    [
      'TLS that ends before TCP',
      [gateway('edge/gw', [server('TLS', 443, [host], simple)]), tcp(), cert],
      { sni: host },
      'tcp raw.shop:7000',
    ],
  ];
  it.each(cases)('%s', (_title, parts, probe, expected) => {
    expect(ask(parts, probe)).toBe(expected);
  });

  it('of two rules with one server name the older VirtualService’s stays', () => {
    const younger = virtualService(
      'club/tls',
      { hosts: [host], gateways: ['edge/gw'], tls: [{ match: [{ sniHosts: [host] }], ...to('api:80') }] },
      created(2),
    );
    const older = { ...bySni([host]), metadata: { name: 'tls', namespace: 'shop', ...created(1) } };
    expect(ask([passing(), younger, older], { sni: host })).toBe(passed);
  });

  it('AUTO_PASSTHROUGH goes by the mesh’s own server names and protocols, to any service its hosts cover', () => {
    const auto = gateway('edge/gw', [
      server('TLS', 443, ['*.shop.svc.cluster.local'], { mode: 'AUTO_PASSTHROUGH' }),
    ]);
    const policies = edge(...town, ...door(), auto, plainService('shop/late', {}, [[90, 90]]));
    const at = (name: string, alpn: readonly string[]): string =>
      said(connect(policies, { sni: `outbound_.${name}`, alpn }));
    expect(at('80_._.web.shop.svc.cluster.local', ['istio'])).toBe('passthrough web.shop:80');
    expect(at('80_._.web.shop.svc.cluster.local', ['h2'])).toBe(no);
    expect(at('80_._.web.shop.svc.cluster.local', [])).toBe(no);
    expect(at('82_._.web.shop.svc.cluster.local', ['istio'])).toBe(no);
    expect(at('80_._.api.club.svc.cluster.local', ['istio'])).toBe(no);
  });
});
