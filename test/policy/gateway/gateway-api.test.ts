import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, object } from '../manifests.js';
import { connect, door, edge, gateway, routes, said, server, to, town } from './edge.js';
import type { Probe } from './edge.js';
import { api, askKube as ask, backend, grant, host, http, kubeGateway, pod, route } from './kube.js';

const yes = 'routed web.shop:80';
const lost = 'not-found 404';
const web = route('shop/web', [backend('web')]);

describe('routes and listeners (referenceAllowed, hostnameAllowedByIsolation in pilot/pkg/config/kube/gateway/conversion.go)', () => {
  const open = (extra: JsonObject): JsonObject => kubeGateway([{ ...http, ...extra }]);
  const selector = (town_: string): JsonObject => ({
    allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { town: town_ } } } },
  });
  const cases: readonly [string, readonly JsonObject[], Probe, string][] = [
    ['without hostnames a route takes all', [open({}), web], { host: 'x.example' }, yes],
    ['… of the listener', [open({ hostname: host }), web], { host: 'x.example' }, lost],
    [
      'hostnames in the listener’s',
      [open({ hostname: '*.example' }), route('shop/web', [backend('web')], { hostnames: [host, 'a.org'] })],
      {},
      yes,
    ],
    [
      '… and out of it',
      [open({ hostname: '*.example' }), route('shop/web', [backend('web')], { hostnames: [host, 'a.org'] })],
      { host: 'a.org' },
      lost,
    ],
    [
      'an exact listener, a wildcard route',
      [open({ hostname: host }), route('shop/web', [backend('web')], { hostnames: ['*.example'] })],
      {},
      yes,
    ],
    ['only its own namespace by default', [open({ allowedRoutes: {} }), web], {}, lost],
    ['namespaces by label', [open(selector('shop')), web], {}, yes],
    ['other labels', [open(selector('club')), web], {}, lost],
    [
      'a selector that is not written takes all',
      [open({ allowedRoutes: { namespaces: { from: 'Selector' } } }), web],
      {},
      yes,
    ],
    [
      'kinds that leave it out',
      [open({ allowedRoutes: { namespaces: { from: 'All' }, kinds: [{ kind: 'GRPCRoute' }] } }), web],
      {},
      lost,
    ],
    [
      'another section',
      [
        open({}),
        route('shop/web', [backend('web')], {
          parentRefs: [{ name: 'gw', namespace: 'edge', sectionName: 'x' }],
        }),
      ],
      {},
      lost,
    ],
    [
      'another port',
      [
        open({}),
        route('shop/web', [backend('web')], { parentRefs: [{ name: 'gw', namespace: 'edge', port: 81 }] }),
      ],
      {},
      lost,
    ],
    [
      'another Gateway',
      [open({}), route('shop/web', [backend('web')], { parentRefs: [{ name: 'gw' }] })],
      {},
      lost,
    ],
    [
      'a class of another controller',
      [kubeGateway([http], { gatewayClassName: 'other' }), web],
      {},
      'no-listener',
    ],
    [
      'the built-in class, whatever its object says',
      [
        open({}),
        web,
        {
          apiVersion: api,
          kind: 'GatewayClass',
          metadata: { name: 'istio' },
          spec: { controllerName: 'example.com/x' },
        },
      ],
      {},
      yes,
    ],
  ];
  it.each(cases)('%s', (_title, parts, probe, expected) => {
    expect(ask(parts, probe)).toBe(expected);
  });

  it('a listener with a more exact name takes its routes away from the wider one', () => {
    const listeners = [
      { ...http, name: 'wide', hostname: '*.example' },
      { ...http, name: 'exact', hostname: host },
    ];
    const bound = (section: string, service: string, names: readonly string[]): JsonObject =>
      route(service, [backend(service.slice(service.indexOf('/') + 1))], {
        hostnames: names,
        parentRefs: [{ name: 'gw', namespace: 'edge', sectionName: section }],
      });
    const parts = [kubeGateway(listeners), bound('wide', 'shop/web', [host, 'x.example'])];
    expect(ask(parts, { host: 'x.example' })).toBe(yes);
    expect(ask(parts, {})).toBe(lost);
  });
  it('a listener that conflicts with an earlier one is left out (listenersDistinct in gatewaycommon)', () => {
    const listeners = [http, { ...http, name: 'tcp', protocol: 'TCP' }];
    const parts = [
      kubeGateway(listeners),
      web,
      route('shop/raw', [backend('raw', 7000)], {}, { kind: 'TCPRoute' }),
    ];
    expect(ask(parts, {})).toBe(yes);
    const turned = [kubeGateway([...listeners].reverse()), ...parts.slice(1)];
    expect(ask(turned, { raw: true })).toBe('tcp raw.shop:7000');
  });
  it('a ListenerSet adds listeners where the Gateway lets its namespace', () => {
    const set = object(`${api}/ListenerSet`, 'shop/more', {
      parentRef: { name: 'gw', namespace: 'edge' },
      listeners: [{ name: 'more', port: 9000, protocol: 'HTTP' }],
    });
    const attached = route('shop/web', [backend('web')], {
      parentRefs: [{ kind: 'ListenerSet', name: 'more' }],
    });
    const let_ = (from: string): JsonObject =>
      kubeGateway([http], { allowedListeners: { namespaces: { from } } });
    expect(ask([let_('All'), set, attached], { port: 9000 })).toBe(yes);
    expect(ask([let_('Same'), set, attached], { port: 9000 })).toBe('no-listener');
    expect(ask([kubeGateway([http]), set, attached], { port: 9000 })).toBe('no-listener');
  });
});

describe('rules (sortHTTPRoutes, convertHTTPRoute, convertGRPCRoute)', () => {
  const path = (type: string, value: string): JsonObject => ({ path: { type, value } });
  const rule = (match: JsonObject, service: string): JsonObject => ({
    matches: [match],
    ...backend(service),
  });
  const at = (rules: readonly JsonObject[], probe: Probe, kind = 'HTTPRoute'): string =>
    ask([kubeGateway([http]), route('shop/web', rules, {}, { kind })], probe);
  const other = (status: number): JsonObject => ({
    filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'x.example', statusCode: status } }],
  });

  it('prefixes go by segments, and the root is every path', () => {
    const rules = [rule(path('PathPrefix', '/a/'), 'web')];
    expect(at(rules, { path: '/a' })).toBe(yes);
    expect(at(rules, { path: '/a/b' })).toBe(yes);
    expect(at(rules, { path: '/ab' })).toBe(lost);
    expect(at([rule({}, 'web')], { path: '/any' })).toBe(yes);
  });
  it('exact goes before prefix, longer before shorter, then method, headers, parameters, whatever the order', () => {
    const rules = [
      { ...other(301), matches: [path('PathPrefix', '/a')] },
      { ...other(302), matches: [path('Exact', '/a')] },
      { ...other(303), matches: [path('PathPrefix', '/a/long')] },
      { ...other(307), matches: [{ ...path('PathPrefix', '/a'), method: 'PUT' }] },
      { ...other(308), matches: [{ ...path('PathPrefix', '/a'), headers: [{ name: 'x-a', value: '1' }] }] },
    ];
    const order = [...rules, ...[...rules].reverse()];
    for (const list of [rules, order.slice(rules.length)]) {
      expect(at(list, { path: '/a' })).toBe('redirect 302');
      expect(at(list, { path: '/a/long/x' })).toBe('redirect 303');
      expect(at(list, { path: '/a/b', method: 'PUT', headers: { 'x-a': '1' } })).toBe('redirect 307');
      expect(at(list, { path: '/a/b', headers: { 'x-a': '1' } })).toBe('redirect 308');
      expect(at(list, { path: '/a/b' })).toBe('redirect 301');
    }
  });
  it('of equal rules of two routes the older route’s comes first', () => {
    const first = route('shop/z', [backend('web')], {}, { metadata: created(1) });
    const second = route('shop/a', [other(302)], {}, { metadata: created(2) });
    expect(ask([kubeGateway([http]), second, first], {})).toBe(yes);
  });
  it('backends without weight or permission answer 500', () => {
    expect(at([backend('web', 80, { weight: 0 })], {})).toBe('response 500');
    expect(at([{}], {})).toBe('response 500');
    expect(at([backend('api', 80, { namespace: 'club' })], {})).toBe('response 500');
    expect(at([backend('nothing')], {})).toBe('response 500');
    const granted = grant('club/g', { kind: 'HTTPRoute', namespace: 'shop' }, { kind: 'Service' });
    const crossing = route('shop/web', [backend('api', 80, { namespace: 'club' })]);
    expect(ask([kubeGateway([http]), crossing, granted], {})).toBe('routed api.club:80');
    const named = grant('club/g', { kind: 'HTTPRoute', namespace: 'shop' }, { kind: 'Service', name: 'x' });
    expect(ask([kubeGateway([http]), crossing, named], {})).toBe('response 500');
  });
  it('a filter that istiod does not know spoils the whole route', () => {
    expect(at([backend('web'), { ...backend('web'), filters: [{ type: 'ExtensionRef' }] }], {})).toBe(lost);
  });
  it('gRPC methods are paths', () => {
    const method = (value: JsonObject): readonly JsonObject[] => [
      { matches: [{ method: value }], ...backend('web') },
    ];
    expect(at(method({ service: 'a.B', method: 'C' }), { path: '/a.B/C' }, 'GRPCRoute')).toBe(yes);
    expect(at(method({ service: 'a.B' }), { path: '/a.B/D' }, 'GRPCRoute')).toBe(yes);
    expect(at(method({ method: 'C' }), { path: '/x.Y/C' }, 'GRPCRoute')).toBe(yes);
    expect(at(method({ method: 'C' }), { path: '/x.Y/D' }, 'GRPCRoute')).toBe(lost);
    expect(at([backend('web')], { path: '/x' }, 'GRPCRoute')).toBe(yes);
  });
});

describe('Istio Gateways beside it (filterStrictGatewayMerging in pilot/pkg/model/push_context.go)', () => {
  const istio = (place: string): JsonObject =>
    object('networking.istio.io/v1/Gateway', place, { servers: [server('HTTP', 9000)] });
  const bound = (name: string): JsonObject =>
    routes('shop/all', ['*'], [to('web.shop.svc.cluster.local:80')], { spec: { gateways: [name] } });

  it('those of other namespaces stay off the pods that istiod deploys', () => {
    expect(ask([kubeGateway([http]), istio('shop/own'), bound('shop/own')], { port: 9000 })).toBe(
      'no-listener',
    );
    expect(ask([kubeGateway([http]), istio('edge/own'), bound('edge/own')], { port: 9000 })).toBe(yes);
    const lax = deployment('istio-system/istiod', {
      spec: {
        containers: [
          {
            name: 'discovery',
            image: 'istio/pilot:1.31.0',
            env: [{ name: 'PILOT_ENABLE_STRICT_GATEWAY_MERGING', value: 'false' }],
          },
        ],
      },
    });
    expect(ask([kubeGateway([http]), istio('shop/own'), bound('shop/own'), lax], { port: 9000 })).toBe(yes);
  });
  it('a Gateway with a host name as address is served by the pods of that Service', () => {
    const manual = kubeGateway([http], { addresses: [{ type: 'Hostname', value: 'door' }] });
    const policies = edge(...town, ...door(), ...pod, manual, web, gateway('edge/x', []));
    expect(said(connect(policies, { port: 8080 }))).toBe(yes);
    expect(said(connect(policies, { gateway: 'edge/Deployment/gw-istio', port: 80 }))).toBe('no-listener');
  });
});
