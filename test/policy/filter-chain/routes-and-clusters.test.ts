import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ProxyFilterChains, RouteOverride } from '#policy/filter-chain/filter-chain.js';
import { object, service } from '../manifests.js';
import {
  check,
  cluster,
  decide,
  envoyFilter,
  filterNamed,
  httpChain,
  insert,
  lua,
  oven,
  patch,
  proxy,
  typed,
} from './bakery.js';

const guard = insert(check('guard'));

function off(
  key = 'guard',
  value: JsonObject = typed('http.ext_authz.v3.ExtAuthzPerRoute', { disabled: true }),
): JsonObject {
  return { typed_per_filter_config: { [key]: value } };
}

function overridesAt(port: number | null, ...patches: readonly JsonObject[]): readonly RouteOverride[] {
  const found = proxy(decide(envoyFilter('bakery/f', [guard, ...patches])));
  return httpChain(found, port).overrides;
}

function reached(match: JsonObject | undefined, applyTo = 'VIRTUAL_HOST'): readonly boolean[] {
  const patches = [patch(applyTo, 'MERGE', off(), match)];
  return [8080, null].map((port) => overridesAt(port, ...patches).length > 0);
}

describe('where settings of routes apply (pilot/pkg/networking/core/envoyfilter/rc_patch.go)', () => {
  const inbound = (routeConfiguration: JsonObject): JsonObject => ({
    context: 'SIDECAR_INBOUND',
    routeConfiguration,
  });
  const cases: readonly (readonly [string, JsonObject | undefined, boolean, boolean])[] = [
    ['everywhere without a match', undefined, true, true],
    ['another context', { context: 'GATEWAY' }, false, false],
    ['the virtual host by its Service port', inbound({ vhost: { name: 'inbound|http|80' } }), true, false],
    ['the virtual host by the pod port', inbound({ vhost: { name: 'inbound|http|8080' } }), false, false],
    ['the routes by the pod port', inbound({ name: 'inbound|8080||' }), true, false],
    ['the pod port', inbound({ portNumber: 8080 }), true, false],
    ['the Service port', inbound({ portNumber: 80 }), false, false],
    ['the domain of both', inbound({ vhost: { domainName: '*' } }), true, true],
  ];

  it.each(cases)('%s', (_, match, service_, rest) => {
    expect(reached(match)).toEqual([service_, rest]);
  });

  it('does not ask for the virtual host of a whole configuration', () => {
    expect(reached(inbound({ vhost: { name: 'nobody' } }), 'ROUTE_CONFIGURATION')).toEqual([true, true]);
  });

  it.each([
    [{ name: 'default' }, true],
    [{ name: 'other' }, false],
    [{ action: 'ROUTE' }, true],
    [{ action: 'REDIRECT' }, false],
    [{ action: 'ANY' }, true],
  ])('a route by %j', (route, met) => {
    const match = inbound({ vhost: { route } });
    expect(overridesAt(8080, patch('HTTP_ROUTE', 'MERGE', off(), match)).length > 0).toBe(met);
  });
});

describe('what settings of routes do', () => {
  const perRoute = (fields: JsonObject): JsonObject => typed('http.ext_authz.v3.ExtAuthzPerRoute', fields);
  const wrapper = (fields: JsonObject): JsonObject => ({
    '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
    ...fields,
  });
  const cases: readonly (readonly [string, JsonObject, RouteOverride['effect'], boolean])[] = [
    ['disabled', perRoute({ disabled: true }), 'disables', true],
    ['disabled: false, which turns it on', perRoute({ disabled: false }), 'enables', true],
    [
      'without the body',
      perRoute({ check_settings: { disable_request_body_buffering: true } }),
      'no-body',
      true,
    ],
    ['other settings', perRoute({ check_settings: {} }), 'overrides', true],
    ['the wrapper that fits any filter', wrapper({ disabled: true }), 'disables', true],
    ['the wrapper around settings', wrapper({ config: perRoute({ check_settings: {} }) }), 'overrides', true],
    ['settings of another filter', typed('http.lua.v3.LuaPerRoute', { disabled: true }), 'disables', false],
  ];

  it.each(cases)('%s', (_, value, effect, typeFits) => {
    const [found] = overridesAt(8080, patch('VIRTUAL_HOST', 'MERGE', off('guard', value)));
    expect(found).toMatchObject({
      level: 'virtualHost',
      virtualHost: 'inbound|http|80',
      effect,
      typeFits,
      filterPresent: true,
    });
  });

  it('goes by the name that the filter has, not by that of its kind', () => {
    const [found] = overridesAt(8080, patch('VIRTUAL_HOST', 'MERGE', off('envoy.filters.http.ext_authz')));
    expect(found?.filterPresent).toBe(false);
  });

  it('replaces an earlier setting of the key', () => {
    const on = off('guard', perRoute({ disabled: false }));
    const found = overridesAt(
      8080,
      patch('VIRTUAL_HOST', 'MERGE', off()),
      patch('VIRTUAL_HOST', 'MERGE', on),
    );
    expect(found.map(({ effect }) => effect)).toEqual(['enables']);
  });

  it('switches off the check of a CUSTOM policy by its name', () => {
    const shared = typed('http.ext_authz.v3.ExtAuthzPerRoute', { disabled: true });
    const found = overridesAt(
      8080,
      insert(check('envoy.filters.http.ext_authz')),
      patch('VIRTUAL_HOST', 'MERGE', off('envoy.filters.http.ext_authz', shared)),
    );
    expect(found[0]).toMatchObject({ filterPresent: true, typeFits: true });
  });
});

function clusters(...objects: readonly JsonObject[]): ProxyFilterChains['clusters'] {
  return proxy(decide(...objects)).clusters;
}

describe('clusters (pilot/pkg/networking/core/envoyfilter/cluster_patch.go)', () => {
  const inspector = cluster('inspector', '127.0.0.1', 9999, { http2_protocol_options: {} });
  const add = (value: JsonObject, match?: JsonObject): JsonObject => patch('CLUSTER', 'ADD', value, match);

  it.each([
    [undefined, true],
    [{ context: 'ANY' }, true],
    [{ context: 'SIDECAR_OUTBOUND' }, true],
    [{ context: 'SIDECAR_INBOUND' }, true],
    [{ context: 'GATEWAY' }, false],
    [{ context: 'SIDECAR_OUTBOUND', cluster: { service: '*' } }, true],
  ])('%j', (match, exists) => {
    const found = proxy(decide(envoyFilter('bakery/f', [guard, add(inspector, match)])));
    expect(filterNamed(httpChain(found), 'guard').clusterExists).toBe(exists);
    expect(found.clusters).toMatchObject([
      exists
        ? {
            name: 'inspector',
            origin: 'added',
            type: 'STRICT_DNS',
            endpoints: ['127.0.0.1:9999'],
            http2: true,
            referenced: true,
          }
        : { name: 'inspector', origin: 'missing', endpoints: [] },
    ]);
  });

  it('keeps the first of a name, so that the root namespace wins', () => {
    const found = clusters(
      envoyFilter('bakery/f', [add(cluster('inspector', '10.0.0.2'))]),
      envoyFilter('istio-system/f', [add(cluster('inspector', '10.0.0.1'))]),
    );
    expect(found.map(({ endpoints }) => endpoints)).toEqual([['10.0.0.1:9999']]);
  });

  const own = 'outbound|80||till.bakery.svc.cluster.local';

  it('never replaces one that istiod makes', () => {
    const waf = insert(check('guard', { grpc_service: { envoy_grpc: { cluster_name: own } } }));
    const found = clusters(envoyFilter('bakery/f', [waf, add(cluster(own, '10.0.0.1'))]));
    expect(found).toMatchObject([{ name: own, origin: 'istio' }]);
  });

  it.each([
    [own, true],
    ['outbound|81||till.bakery.svc.cluster.local', false],
    ['outbound|80||gone.bakery.svc.cluster.local', false],
    ['outbound|80|v1|till.bakery.svc.cluster.local', false],
    ['inbound|8080||', true],
    ['inbound|80||', false],
    ['PassthroughCluster', true],
    ['agent', false],
  ])('knows whether istiod makes %s', (name, exists) => {
    const waf = insert(check('guard', { grpc_service: { envoy_grpc: { cluster_name: name } } }));
    expect(filterNamed(httpChain(proxy(decide(envoyFilter('bakery/f', [waf])))), 'guard').clusterExists).toBe(
      exists,
    );
  });

  it('follows Services and subsets', () => {
    const rule = object('networking.istio.io/v1/DestinationRule', 'bakery/till', {
      host: 'till',
      subsets: [{ name: 'v1' }],
    });
    const waf = insert(
      check('guard', { grpc_service: { envoy_grpc: { cluster_name: own.replace('80|', '80|v1') } } }),
    );
    const more = service('bakery/more', [{ name: 'grpc', port: 9000 }]);
    const found = proxy(decide(rule, more, envoyFilter('bakery/f', [waf])));
    expect(filterNamed(httpChain(found), 'guard').clusterExists).toBe(true);
  });

  it('loses all clusters but one where MERGE names none', () => {
    const waf = insert(check('guard', { grpc_service: { envoy_grpc: { cluster_name: own } } }));
    const renamed = patch('CLUSTER', 'MERGE', inspector);
    const found = proxy(decide(envoyFilter('bakery/f', [waf, insert(check('two')), renamed])), oven);
    const chain = httpChain(found);
    expect([filterNamed(chain, 'guard').clusterExists, filterNamed(chain, 'two').clusterExists]).toEqual([
      false,
      true,
    ]);
    const survivors = found.clusters.filter(({ origin }) => origin === 'added');
    expect(survivors.map(({ name }) => name)).toEqual([filterNamed(chain, 'two').cluster]);
  });

  it('removes a cluster of istiod', () => {
    const waf = insert(check('guard', { grpc_service: { envoy_grpc: { cluster_name: own } } }));
    const gone = patch('CLUSTER', 'REMOVE', undefined, {
      cluster: { service: 'till.bakery.svc.cluster.local' },
    });
    const found = proxy(decide(envoyFilter('bakery/f', [waf, gone])));
    expect(filterNamed(httpChain(found), 'guard').clusterExists).toBe(false);
  });

  it('foresees that Envoy refuses a host name in a STATIC cluster', () => {
    const value = cluster('inspector', 'waf.example', 80, { type: 'STATIC' });
    expect(clusters(envoyFilter('bakery/f', [add(value)]))[0]?.refused).toContain('waf.example');
    expect(
      clusters(envoyFilter('bakery/f', [add(cluster('inspector', 'waf.example'))]))[0]?.refused,
    ).toBeUndefined();
  });
});

describe('configurations that are discovered (extension_configuration_patch.go)', () => {
  const wasm = typed('http.wasm.v3.Wasm', { config: { fail_open: true } });
  const discovered = insert({
    name: 'waf',
    config_discovery: {
      config_source: { ads: {}, initial_fetch_timeout: '0s' },
      type_urls: [wasm['@type'] ?? ''],
    },
  });
  const config = (name: string, value = wasm): JsonObject =>
    patch('EXTENSION_CONFIG', 'ADD', { name, typed_config: value }, { context: 'GATEWAY' });

  it.each([
    ['found whatever the context', config('waf'), { resolved: true, typeAllowed: true }],
    ['missing', config('other'), { resolved: false, waitsForEver: true }],
    [
      'of a type that is not asked for',
      config('waf', typed('http.lua.v3.Lua')),
      { resolved: true, typeAllowed: false },
    ],
  ])('%s', (_, delivered, discovery) => {
    const found = proxy(decide(envoyFilter('bakery/f', [discovered, delivered])));
    expect(filterNamed(httpChain(found), 'waf').discovery).toMatchObject(discovery);
  });

  it('reads the settings that are delivered', () => {
    const found = proxy(decide(envoyFilter('bakery/f', [discovered, config('waf'), insert(lua('other'))])));
    expect(filterNamed(httpChain(found), 'waf').settings).toMatchObject({ kind: 'wasm', failOpen: true });
  });
});
