import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, meshConfig, object } from '../manifests.js';
import { ask, gateway, plainService, routes, server, to, virtualService } from './edge.js';
import type { Probe } from './edge.js';

const web = to('web.shop.svc.cluster.local:80');
const api = to('api.club.svc.cluster.local:80');
const open = gateway('edge/gw', [server('HTTP', 80)]);
const host = 'shop.example';

describe('binding of VirtualServices (VirtualServicesForGateway in pilot/pkg/model/push_context.go)', () => {
  const at = (hosts: readonly string[], ...parts: readonly JsonObject[]): readonly JsonObject[] => [
    gateway('edge/gw', [server('HTTP', 80, hosts)]),
    ...parts,
  ];
  const bound = routes('shop/all', [host], [web]);
  const found = 'routed web.shop:80';
  const lost = 'not-found 404';

  const cases: readonly [string, readonly JsonObject[], Probe, string][] = [
    ['no route', [open], {}, lost],
    ['the server’s hosts limit what is published', at([host], routes('shop/all', ['*'], [web])), {}, found],
    ['… to those', at(['other.example'], routes('shop/all', ['*'], [web])), {}, lost],
    ['a wildcard route under an exact host', at([host], routes('shop/all', ['*.example'], [web])), {}, found],
    ['an exact route under a wildcard', at(['*.example'], bound), {}, found],
    ['a namespace that the server names', at([`shop/${host}`], bound), {}, found],
    ['another namespace', at([`club/${host}`], bound), {}, lost],
    ['the gateway’s own namespace', at([`./${host}`], bound), {}, lost],
    ['any namespace', at([`*/${host}`], bound), {}, found],
    ['no namespace', at([`~/${host}`], bound), {}, lost],
    [
      'letter case and port of the Host header do not count',
      at([host], bound),
      { host: 'SHOP.example:81' },
      found,
    ],
    ['a trailing dot does', at([host], bound), { host: `${host}.` }, lost],
    [
      'a bare gateway name is of the same namespace',
      [open, routes('shop/all', ['*'], [web], { spec: { gateways: ['gw'] } })],
      {},
      lost,
    ],
    [
      'without gateways only sidecars',
      [open, virtualService('edge/all', { hosts: ['*'], http: [web] })],
      {},
      lost,
    ],
    [
      'exported to its own namespace only',
      [open, routes('shop/all', ['*'], [web], { spec: { exportTo: ['.'] } })],
      {},
      lost,
    ],
    [
      'exported to the pod’s namespace',
      [open, routes('shop/all', ['*'], [web], { spec: { exportTo: ['edge'] } })],
      {},
      found,
    ],
    [
      '… even where the pod’s namespace is named as well',
      [open, routes('shop/all', ['*'], [web], { spec: { exportTo: ['~', 'edge'] } })],
      {},
      lost,
    ],
    ['exported to nobody', [open, routes('edge/all', ['*'], [web], { spec: { exportTo: ['~'] } })], {}, lost],
    [
      'by default to its own namespace',
      [open, bound, meshConfig({ defaultVirtualServiceExportTo: ['.'] })],
      {},
      lost,
    ],
  ];
  it.each(cases)('%s', (_title, parts, probe, expected) => {
    expect(ask(parts, probe)).toBe(expected);
  });

  it('the pod’s namespace counts for exportTo, not that of the Gateway', () => {
    const own = virtualService('shop/all', { hosts: ['*'], gateways: ['gw'], http: [web], exportTo: ['.'] });
    expect(ask([gateway('shop/gw', [server('HTTP', 80)]), own], {})).toBe(lost);
  });
  it('an exact host’s routes go before a wildcard’s, as a whole', () => {
    const parts = [
      open,
      routes('shop/exact', [host], [{ match: [{ uri: { exact: '/a' } }], ...web }]),
      routes('club/wide', ['*.example'], [api]),
    ];
    expect(ask(parts, { path: '/a' })).toBe(found);
    expect(ask(parts, { path: '/b' })).toBe(lost);
    expect(ask(parts, { host: 'x.example' })).toBe('routed api.club:80');
  });
  it('routes of one host follow by age, what catches all at the end (SortVHostRoutes in route.go)', () => {
    const specific = { match: [{ uri: { prefix: '/a' } }], ...api };
    const parts = (younger: number): readonly JsonObject[] => [
      open,
      routes('shop/all', [host], [web], { metadata: created(2) }),
      routes('club/some', [host], [specific], { metadata: created(younger) }),
      routes(
        'edge/other',
        [host],
        [{ match: [{ uri: { prefix: '/a' } }], directResponse: { status: 204 } }],
        {
          metadata: created(4),
        },
      ),
    ];
    expect(ask(parts(3), { path: '/a' })).toBe('routed api.club:80');
    expect(ask(parts(5), { path: '/a' })).toBe('response 204');
    expect(ask(parts(3), { path: '/b' })).toBe(found);
  });
});

describe('conditions (TranslateRouteMatch, sourceMatchHTTP in pilot/pkg/networking/core/route/route.go)', () => {
  const rows: readonly [JsonObject, Probe, boolean][] = [
    [{ uri: { exact: '/a' } }, { path: '/a?x=1' }, true],
    [{ uri: { exact: '/a' } }, { path: '/a/' }, false],
    [{ uri: { prefix: '/a' } }, { path: '/abc' }, true],
    [{ uri: { regex: '/a[0-9]+' } }, { path: '/a12' }, true],
    [{ uri: { regex: '/a[0-9]+' } }, { path: '/a12/b' }, false],
    [{ uri: { regex: '/(' } }, { path: '/(' }, false],
    [{ uri: { exact: '/A' } }, { path: '/a' }, false],
    [{ uri: { exact: '/A' }, ignoreUriCase: true }, { path: '/a' }, true],
    [{ uri: { prefix: '/Ab' }, ignoreUriCase: true }, { path: '/aBc' }, true],
    [{ uri: { exact: '/b' } }, { path: '/a/../b' }, true],
    [{ uri: {} }, { path: '/x' }, true],
    [{ method: { exact: 'GET' } }, {}, true],
    [{ method: { regex: 'PUT|POST' } }, { method: 'POST' }, true],
    [{ method: { exact: 'GET' } }, { method: 'PUT' }, false],
    [{ authority: { exact: host } }, {}, true],
    [{ authority: { exact: host } }, { host: `${host}:80` }, false],
    [{ scheme: { exact: 'http' } }, {}, true],
    [{ scheme: { exact: 'https' } }, {}, false],
    [{ headers: { 'X-Team': { exact: 'a' } } }, { headers: { 'x-team': 'a' } }, true],
    [{ headers: { 'x-team': { exact: 'a' } } }, {}, false],
    [{ headers: { 'x-team': {} } }, { headers: { 'x-team': 'b' } }, true],
    [{ headers: { 'x-team': {} } }, {}, false],
    [{ headers: { 'x-team': { regex: '*' } } }, { headers: { 'x-team': '' } }, true],
    [{ headers: { 'x-team': { prefix: 'a' }, 'x-b': {} } }, { headers: { 'x-team': 'ab' } }, false],
    [{ withoutHeaders: { 'x-team': {} } }, {}, true],
    [{ withoutHeaders: { 'x-team': {} } }, { headers: { 'x-team': 'a' } }, false],
    [{ withoutHeaders: { 'x-team': { exact: 'a' } } }, { headers: { 'x-team': 'b' } }, true],
    [{ withoutHeaders: { 'x-team': { exact: 'a' } } }, {}, true],
    [{ withoutHeaders: { 'x-team': { exact: '' } } }, {}, false],
    [{ queryParams: { q: { exact: '1' } } }, { path: '/?a=2&q=1&q=3' }, true],
    [{ queryParams: { q: { exact: '3' } } }, { path: '/?q=1&q=3' }, false],
    [{ queryParams: { q: {} } }, { path: '/?q' }, true],
    [{ queryParams: { q: { regex: '*' } } }, { path: '/' }, false],
    [{ port: 80 }, {}, true],
    [{ port: 8080 }, {}, false],
    [{ gateways: ['edge/gw'] }, {}, true],
    [{ gateways: ['mesh'] }, {}, false],
    [{ sourceLabels: { door: 'front' } }, {}, true],
    [{ sourceLabels: { door: 'back' } }, {}, false],
    [{ sourceNamespace: 'edge' }, {}, true],
    [{ sourceNamespace: 'shop' }, {}, false],
    [{ headers: { '@request.auth.claims.group': { exact: 'a' } } }, {}, false],
    [{ withoutHeaders: { '@request.auth.claims.group': { exact: 'a' } } }, {}, true],
  ];
  it.each(rows)('%j for %j: %s', (match, probe, expected) => {
    expect(ask([open, routes('shop/one', [host], [{ match: [match], ...web }])], probe)).toBe(
      expected ? 'routed web.shop:80' : 'not-found 404',
    );
  });

  it('matches are alternatives, rules follow each other', () => {
    const rules = [
      { match: [{ uri: { exact: '/a' } }, { uri: { exact: '/b' } }], ...web },
      { match: [{ uri: { prefix: '/' } }], ...api },
      { match: [{ uri: { exact: '/c' } }], ...web },
    ];
    const at = (path: string): string => ask([open, routes('shop/one', [host], rules)], { path });
    expect([at('/b'), at('/c')]).toEqual(['routed web.shop:80', 'routed api.club:80']);
  });
});

describe('actions (TranslateRoute, ApplyRedirect, GetDestinationCluster in route.go)', () => {
  const subset = object('networking.istio.io/v1/DestinationRule', 'shop/web', {
    host: 'web',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  });
  const abort = (percentage: number): JsonObject => ({
    fault: { abort: { httpStatus: 418, percentage: { value: percentage } } },
  });
  const weights = (...list: readonly number[]): JsonObject => ({
    route: list.map((weight, index) => ({
      destination: { host: index === 0 ? 'web' : 'api.club.svc.cluster.local', port: { number: 80 } },
      weight,
    })),
  });
  const entry = object('networking.istio.io/v1/ServiceEntry', 'shop/partner', {
    hosts: ['partner.example'],
    ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
  });
  const hidden = plainService('shop/own', { app: 'web' }, [[80, 8080]], {
    annotations: { 'networking.istio.io/exportTo': '.' },
  });
  const alias = object('v1/Service', 'shop/alias', {
    type: 'ExternalName',
    externalName: 'api.club.svc.cluster.local',
    ports: [{ port: 80 }],
  });
  const cors = { corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }] } };
  const preflight = (origin: string): Probe => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  });

  const cases: readonly [string, JsonObject, Probe, string][] = [
    ['redirect', { redirect: { uri: '/x' } }, {}, 'redirect 301'],
    ['redirect with a code', { redirect: { authority: 'a.example', redirectCode: 308 } }, {}, 'redirect 308'],
    ['direct response', { directResponse: { status: 403 } }, {}, 'response 403'],
    ['a 404 without a body looks like no route', { directResponse: { status: 404 } }, {}, 'not-found 404'],
    ['abort', { ...web, ...abort(100) }, {}, 'response 418'],
    ['abort goes before redirect', { redirect: { uri: '/x' }, ...abort(100) }, {}, 'response 418'],
    ['abort of none', { ...web, ...abort(0) }, {}, 'routed web.shop:80'],
    ['abort without percentage', { ...web, fault: { abort: { httpStatus: 418 } } }, {}, 'routed web.shop:80'],
    ['weight 0 takes nothing', weights(0, 100), {}, 'routed api.club:80'],
    ['… unless it stands alone', weights(0), {}, 'routed web.shop:80'],
    ['a short name is of the route’s namespace', to('web:81'), {}, 'routed web.shop:81'],
    ['the only port needs no mention', to('raw'), {}, 'routed raw.shop:7000'],
    ['with several, the server’s own number', to('web'), {}, 'routed web.shop:80'],
    ['no such Service', to('nothing:80'), {}, 'response 503'],
    ['no such port', to('web:82'), {}, 'response 503'],
    ['a subset that is declared', to('web:80', { subset: 'v1' }), {}, 'routed web.shop:80/v1'],
    ['one that is not', to('web:80', { subset: 'v2' }), {}, 'response 503'],
    ['a host of a ServiceEntry', to('partner.example:443'), {}, 'routed partner.example:443'],
    ['a Service that the pod’s namespace does not see', to('own:80'), {}, 'response 503'],
    ['an alias stands for its target', to('alias:80'), {}, 'routed api.club:80'],
    ['preflight of an admitted origin', { ...web, ...cors }, preflight('https://a.example'), 'response 200'],
    ['preflight of another', { ...web, ...cors }, preflight('https://b.example'), 'routed web.shop:80'],
    ['a header name that is none', web, { headers: { '@a': 'x' } }, 'response 400'],
  ];
  it.each(cases)('%s', (_title, rule, probe, expected) => {
    const parts = [open, subset, entry, hidden, alias, routes('shop/one', [host], [rule])];
    expect(ask(parts, probe)).toBe(expected);
  });

  it('what chance decides is not known', () => {
    expect(ask([open, routes('shop/one', [host], [{ ...web, ...abort(50) }])], {})).toBe(
      'unknown web.shop:80',
    );
    const parts = [
      open,
      routes(
        'shop/one',
        [host],
        [
          {
            route: [
              { destination: { host: 'web', port: { number: 80 } }, weight: 1 },
              { destination: { host: 'nothing' }, weight: 1 },
            ],
          },
        ],
      ),
    ];
    expect(ask(parts, {})).toBe('unknown web.shop:80');
  });
});
