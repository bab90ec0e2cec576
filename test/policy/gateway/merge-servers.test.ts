import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, object } from '../manifests.js';
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
} from './edge.js';

const web = to('web.shop.svc.cluster.local:80');
const api = to('api.club.svc.cluster.local:80');
const env = (name: string, value = 'true'): JsonObject =>
  deployment('istio-system/istiod', {
    spec: { containers: [{ name: 'discovery', image: 'istio/pilot:1.31.0', env: [{ name, value }] }] },
  });

describe('which pods and ports serve a gateway (mergeGateways in pilot/pkg/model/push_context.go, resolvePorts in gateway.go)', () => {
  const open = gateway('edge/gw', [server('HTTP', 80)]);
  const all = routes('shop/all', ['*'], [web]);

  it('port 80 of the Service is the pod’s 8080', () => {
    expect(ask([open, all], {})).toBe('routed web.shop:80');
    expect(ask([open, all], { port: 80 })).toBe('no-listener');
  });
  it('a port that no Service has is bound as written', () => {
    expect(ask([gateway('edge/gw', [server('HTTP', 8888)]), all], { port: 8888 })).toBe('routed web.shop:80');
  });
  it('a Service that opts out of translation does not count', () => {
    const labels = { 'experimental.istio.io/disable-gateway-port-translation': 'true' };
    const [pod] = door();
    const parts = [...town, ...(pod === undefined ? [] : [pod])];
    const own = plainService('edge/door', { app: 'door' }, [[80, 8080]], { labels });
    const policies = edge(...parts, own, open, all);
    expect(said(connect(policies, { port: 80 }))).toBe('routed web.shop:80');
  });
  it('of two Services with the port the older one translates', () => {
    const older = plainService('edge/older', { app: 'door' }, [[80, 8888]], created(1));
    const [pod, own] = door();
    const younger = { ...own, metadata: { name: 'door', namespace: 'edge', ...created(2) } };
    const policies = edge(...town, ...(pod === undefined ? [] : [pod]), younger, older, open, all);
    expect(said(connect(policies, { port: 8888 }))).toBe('routed web.shop:80');
    expect(said(connect(policies, { port: 8080 }))).toBe('no-listener');
  });
  it('all labels of the selector have to fit; none fits every router', () => {
    const selecting = (selector: JsonObject | undefined): JsonObject =>
      object('networking.istio.io/v1/Gateway', 'edge/gw', {
        ...(selector === undefined ? {} : { selector }),
        servers: [server('HTTP', 80)],
      });
    expect(ask([selecting({ door: 'front', floor: 'two' }), all], {})).toBe('no-listener');
    expect(ask([selecting({}), all], {})).toBe('routed web.shop:80');
    expect(ask([selecting(undefined), all], {})).toBe('routed web.shop:80');
  });
  it('under PILOT_SCOPE_GATEWAY_TO_NAMESPACE only gateways of the pod’s namespace are served', () => {
    const foreign = gateway('shop/gw', [server('HTTP', 80)]);
    const bound = routes('shop/all', ['*'], [web], { spec: { gateways: ['shop/gw'] } });
    expect(ask([foreign, bound], {})).toBe('routed web.shop:80');
    expect(ask([foreign, bound, env('PILOT_SCOPE_GATEWAY_TO_NAMESPACE')], {})).toBe('no-listener');
  });
  it('an object for another revision is not read', () => {
    const canary = gateway('edge/gw', [server('HTTP', 80)], { labels: { 'istio.io/rev': 'canary' } });
    expect(ask([canary, all], {})).toBe('no-listener');
  });
  it('an address of the pod alone is out of reach', () => {
    const local = gateway('edge/gw', [{ ...server('HTTP', 80), bind: '127.0.0.1' }]);
    expect(ask([local, all], {})).toBe('no-listener');
  });
});

describe('servers of one port (mergeGateways in pilot/pkg/model/gateway.go)', () => {
  const cert = secret('edge/cert');
  const first = (...servers: readonly JsonObject[]): JsonObject => gateway('edge/gw', servers, created(1));
  const second = (...servers: readonly JsonObject[]): JsonObject => gateway('edge/gw2', servers, created(2));
  const atBoth = (place: string, http: JsonObject, extra: JsonObject = {}): JsonObject =>
    routes(place, ['*'], [http], { spec: { gateways: ['edge/gw', 'edge/gw2'], ...extra } });

  it('HTTP servers unite their hosts, each with the routes of its own gateway', () => {
    const parts = [
      first(server('HTTP', 80, ['a.example'])),
      second(server('HTTP2', 80, ['b.example'])),
      routes('shop/one', ['*'], [web]),
      routes('club/two', ['*'], [api], { spec: { gateways: ['edge/gw2'] } }),
    ];
    expect(ask(parts, { host: 'a.example' })).toBe('routed web.shop:80');
    expect(ask(parts, { host: 'b.example' })).toBe('routed api.club:80');
  });
  it('HTTPS on the port of an older HTTP server is left out', () => {
    const parts = [
      first(server('HTTP', 80)),
      second(server('HTTPS', 80, ['*'], simple)),
      atBoth('shop/all', web),
      cert,
    ];
    expect(ask(parts, {})).toBe('routed web.shop:80');
    expect(ask(parts, { port: 8080, sni: 'shop.example' })).toBe('tls-refused');
  });
  it('HTTP on the port of an older HTTPS server stands beside it and takes plaintext', () => {
    const parts = [
      first(server('HTTPS', 443, ['shop.example'], simple)),
      second(server('HTTP', 443)),
      routes('shop/one', ['*'], [web]),
      routes('club/two', ['*'], [api], { spec: { gateways: ['edge/gw2'] } }),
      cert,
    ];
    expect(ask(parts, { sni: 'shop.example' })).toBe('routed web.shop:80');
    expect(ask(parts, { port: 8443 })).toBe('routed api.club:80');
  });
  it('a TCP server keeps later ones of any protocol off its port', () => {
    const tcp = { tcp: [to('raw.shop.svc.cluster.local:7000')] };
    const parts = [first(server('TCP', 9000)), second(server('HTTP', 9000)), atBoth('shop/all', web, tcp)];
    expect(ask(parts, { port: 9000 })).toBe('tcp raw.shop:7000');
  });
  it('a TLS host belongs to the older server, whatever the younger asks of clients', () => {
    const parts = [
      first(server('HTTPS', 443, ['shop.example'], simple)),
      second(server('HTTPS', 443, ['shop.example'], { ...simple, mode: 'MUTUAL' })),
      atBoth('shop/all', web),
      cert,
    ];
    expect(ask(parts, { sni: 'shop.example' })).toBe('routed web.shop:80');
  });
  it('gateways of one age go by name, then namespace', () => {
    const parts = [
      gateway('edge/b', [server('HTTPS', 80, ['*'], simple)]),
      gateway('edge/a', [server('HTTP', 80)]),
      routes('shop/all', ['*'], [web], { spec: { gateways: ['edge/a', 'edge/b'] } }),
      cert,
    ];
    expect(ask(parts, {})).toBe('routed web.shop:80');
  });
  it('HTTPS servers of a gateway with one port name are not told apart: the later is left out', () => {
    const named = (host: string): JsonObject => ({
      ...server('HTTPS', 443, [host], simple),
      port: { number: 443, name: 'https', protocol: 'HTTPS' },
    });
    const parts = [first(named('a.example'), named('b.example')), routes('shop/all', ['*'], [web]), cert];
    expect(ask(parts, { sni: 'a.example', host: 'a.example' })).toBe('routed web.shop:80');
    expect(ask(parts, { sni: 'b.example', host: 'b.example' })).toBe('tls-refused');
  });
  it('two filter chains with one match make Envoy refuse the listener', () => {
    const parts = [
      first(
        server('TLS', 443, ['*'], { mode: 'PASSTHROUGH' }),
        server('HTTPS', 443, ['shop.example'], simple),
      ),
      routes('shop/all', ['*'], [web], {
        spec: { tls: [{ match: [{ sniHosts: ['shop.example'] }], ...api }] },
      }),
      cert,
    ];
    expect(ask(parts, { sni: 'shop.example' })).toBe('listener-rejected');
    expect(ask(parts, { sni: 'other.example' })).toBe('listener-rejected');
  });
  it('a wildcard inside of a label, and client names without a CA, make Envoy refuse the listener', () => {
    const partial = first(server('HTTPS', 443, ['*shop.example'], simple));
    expect(ask([partial, cert], { sni: 'a.example' })).toBe('listener-rejected');
    const names = first(server('HTTPS', 443, ['shop.example'], { ...simple, subjectAltNames: ['a'] }));
    expect(ask([names, cert], { sni: 'shop.example' })).toBe('listener-rejected');
  });
});
