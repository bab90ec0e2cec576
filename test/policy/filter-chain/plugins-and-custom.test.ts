import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, meshConfig, object, policiesOf, service } from '../manifests.js';
import {
  added,
  at,
  check,
  decide,
  envoyFilter,
  filterNamed,
  httpChain,
  insert,
  onOven,
  patch,
  proxy,
  town,
} from './bakery.js';

const marker = '~istio-translated-wasmplugin';
const filterOf = (name: string): string => `extensions.istio.io/trafficextension/${name.replace('/', '.')}`;

function plugin(place: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return object(
    'extensions.istio.io/v1alpha1/WasmPlugin',
    place,
    { url: 'oci://registry.example/waf:1', ...spec },
    metadata,
  );
}

function extension(place: string, spec: JsonObject): JsonObject {
  return object('extensions.istio.io/v1alpha1/TrafficExtension', place, spec);
}

const shortNames = (...objects: readonly JsonObject[]): readonly string[] =>
  onOven(...objects).map((name) => name.replace(filterOf(''), '').replace(marker, ''));

describe('where plugins run (pilot/pkg/model/extensions.go)', () => {
  const cases: readonly (readonly [string, JsonObject, boolean, boolean])[] = [
    ['without a match on both sides', {}, true, true],
    ['SERVER', { match: [{ mode: 'SERVER' }] }, true, false],
    ['CLIENT', { match: [{ mode: 'CLIENT' }] }, false, true],
    ['the pod port', { match: [{ mode: 'SERVER', ports: [{ number: 8080 }] }] }, true, false],
    ['the Service port', { match: [{ mode: 'SERVER', ports: [{ number: 80 }] }] }, false, false],
    ['one of several', { match: [{ mode: 'CLIENT' }, { ports: [{ number: 8080 }] }] }, true, true],
    ['labels of another', { selector: { matchLabels: { app: 'till' } } }, false, false],
    ['targetRefs', { targetRefs: [{ group: '', kind: 'Service', name: 'oven' }] }, false, false],
    ['layer 4', { type: 'NETWORK', match: [{ mode: 'SERVER' }] }, false, false],
    ['without a module', { url: '' }, false, false],
  ];

  it.each(cases)('%s', (_, spec, inbound, outbound) => {
    const found = proxy(decide(plugin('bakery/waf', spec)));
    expect([added(httpChain(found)).length > 0, found.outbound.length > 0]).toEqual([inbound, outbound]);
  });

  it('has those of layer 4 among the network filters', () => {
    const found = proxy(decide(plugin('bakery/waf', { type: 'NETWORK' })));
    const own = found.chains.map(
      ({ networkFilters }) => networkFilters.filter(({ name }) => name.endsWith(marker)).length,
    );
    expect(new Set(own)).toEqual(new Set([1]));
  });

  it('leaves ports of no Service to plugins without ports', () => {
    const guarded = (spec: JsonObject): number =>
      added(httpChain(proxy(decide(plugin('bakery/w', spec))), null)).length;
    expect([guarded({}), guarded({ match: [{ ports: [{ number: 9090 }] }] })]).toEqual([1, 0]);
  });
});

describe('the order of plugins (TrafficExtensionsByListenerInfo, listener_builder.go)', () => {
  it('goes by phase', () => {
    const token = object('security.istio.io/v1/RequestAuthentication', 'bakery/jwt', {
      jwtRules: [{ issuer: 'a', jwks: '{"keys":[]}' }],
    });
    const allow = object('security.istio.io/v1/AuthorizationPolicy', 'bakery/allow', { rules: [{}] });
    const plugins = ['STATS', 'AUTHZ', 'AUTHN'].map((phase) =>
      plugin(`bakery/${phase.toLowerCase()}`, { phase }),
    );
    const { httpFilters } = httpChain(proxy(decide(token, allow, plugin('bakery/unset'), ...plugins)));
    const names = httpFilters.map(({ name }) => name.replace(filterOf('bakery/'), '').replace(marker, ''));
    expect(names.slice(1, 7)).toEqual([
      'authn',
      'envoy.filters.http.jwt_authn',
      'authz',
      'envoy.filters.http.rbac',
      'stats',
      'unset',
    ]);
  });

  it('has the higher priority first, and none last', () => {
    const all = [
      plugin('bakery/low', { priority: -5 }),
      plugin('bakery/none'),
      plugin('bakery/high', { priority: 9 }),
    ];
    expect(shortNames(...all)).toEqual(['bakery.high', 'bakery.low', 'bakery.none']);
  });

  it('has the own namespace before the root, then the older before', () => {
    const all = [
      plugin('istio-system/a', {}, created(1)),
      plugin('bakery/c', {}, created(2)),
      plugin('bakery/b', {}, created(3)),
    ];
    expect(shortNames(...all)).toEqual(['bakery.c', 'bakery.b', 'istio-system.a']);
  });
});

describe('what plugins are', () => {
  it.each([
    ['FAIL_OPEN', true],
    ['FAIL_CLOSE', false],
    ['FAIL_RELOAD', false],
    [undefined, false],
  ])('fails open with %s: %s', (failStrategy, failOpen) => {
    const found = proxy(decide(plugin('bakery/waf', failStrategy === undefined ? {} : { failStrategy })));
    expect(filterNamed(httpChain(found), filterOf('bakery/waf') + marker)).toMatchObject({
      settings: { kind: 'wasm', failOpen, url: 'oci://registry.example/waf:1' },
      discovery: { resolved: true, typeAllowed: true },
      cluster: undefined,
    });
  });

  it('takes Lua of a TrafficExtension that has both', () => {
    const spec = { lua: { inlineCode: 'function envoy_on_request(h) end' }, wasm: { url: 'x' } };
    const found = proxy(decide(extension('bakery/both', spec)));
    expect(filterNamed(httpChain(found), filterOf('bakery/both')).settings).toMatchObject({
      kind: 'lua',
      handlesRequests: true,
    });
    expect(onOven(extension('bakery/none', {}))).toEqual([]);
  });

  it('runs a TrafficExtension and a WasmPlugin of one name both', () => {
    const both = [plugin('bakery/waf'), extension('bakery/waf', { wasm: { url: 'x' } })];
    expect(onOven(...both)).toHaveLength(2);
  });

  it('is anchored on by the present name only', () => {
    const anchored = (name: string): readonly string[] =>
      onOven(plugin('bakery/waf'), envoyFilter('bakery/f', [insert(check('guard'), at(name))]));
    expect(anchored(filterOf('bakery/waf') + marker)).toHaveLength(2);
    expect(anchored('extensions.istio.io/wasmplugin/bakery.waf')).toHaveLength(1);
  });

  it('had another name before Istio 1.30', () => {
    const policies = policiesOf([...town, plugin('bakery/waf')], {
      scope: 'complete',
      stored: true,
      istioVersion: '1.27.1',
    });
    expect(added(httpChain(proxy(policies)))).toEqual(['extensions.istio.io/wasmplugin/bakery.waf']);
  });

  it('is removed by that name', () => {
    const remove = patch('HTTP_FILTER', 'REMOVE', undefined, at(filterOf('bakery/waf') + marker));
    expect(onOven(plugin('bakery/waf'), envoyFilter('bakery/f', [remove]))).toEqual([]);
  });
});

const authorizer = (name: string, kind: string, extra: JsonObject = {}): JsonObject => ({
  name,
  [kind]: { service: 'waf.depot.svc.cluster.local', port: 9000, ...extra },
});

const asked = [deployment('depot/waf'), service('depot/waf', [{ name: 'grpc', port: 9000 }])];

function custom(name: string, provider: string, spec: JsonObject = { rules: [{}] }): JsonObject {
  return object('security.istio.io/v1/AuthorizationPolicy', `bakery/${name}`, {
    action: 'CUSTOM',
    provider: { name: provider },
    ...spec,
  });
}

describe('CUSTOM policies (pilot/pkg/security/authz/builder)', () => {
  const config = (...providers: readonly JsonObject[]): JsonObject =>
    meshConfig({ extensionProviders: providers });

  it('stand at the front: a mark, then the check that waits for it', () => {
    const provider = authorizer('waf', 'envoyExtAuthzGrpc', {
      failOpen: true,
      includeRequestBodyInCheck: { maxRequestBytes: 5 },
    });
    const chain = httpChain(proxy(decide(...asked, config(provider), custom('a', 'waf'))));
    expect(chain.httpFilters.slice(1, 3)).toMatchObject([
      {
        name: 'envoy.filters.http.rbac',
        settings: {
          kind: 'rbac',
          rules: [],
          shadowRules: ['istio-ext-authz-waf-ns[bakery]-policy[a]-rule[0]'],
        },
      },
      {
        name: 'envoy.filters.http.ext_authz',
        cluster: 'outbound|9000||waf.depot.svc.cluster.local',
        clusterExists: true,
        settings: {
          failOpen: true,
          body: { maxRequestBytes: 5 },
          gatedBy: expect.stringContaining('istio-ext-authz-waf*') as unknown,
        },
      },
    ]);
  });

  it('do not look the port up', () => {
    const provider = authorizer('waf', 'envoyExtAuthzGrpc', { port: 9999 });
    const chain = httpChain(proxy(decide(...asked, config(provider), custom('a', 'waf'))));
    expect(filterNamed(chain, 'envoy.filters.http.ext_authz').clusterExists).toBe(false);
  });

  it('deny what they match where the provider is unknown, badly named or one of several', () => {
    const waf = authorizer('waf', 'envoyExtAuthzGrpc');
    const dotted = authorizer('waf.v1', 'envoyExtAuthzGrpc');
    const names = (...objects: readonly JsonObject[]): readonly string[] => onOven(...asked, ...objects);
    const denying = ['envoy.filters.http.rbac'];
    expect(names(config(waf), custom('a', 'ghost'))).toEqual(denying);
    expect(names(config(dotted), custom('a', 'waf.v1'))).toEqual(denying);
    const two = [config(waf, authorizer('opa', 'envoyExtAuthzHttp')), custom('a', 'waf'), custom('b', 'opa')];
    expect(names(...two)).toEqual([...denying, ...denying]);
  });

  it('in dry run are rules that deny', () => {
    const dry = custom('a', 'waf');
    const metadata = { name: 'a', namespace: 'bakery', annotations: { 'istio.io/dry-run': 'true' } };
    const chain = httpChain(
      proxy(decide(...asked, config(authorizer('waf', 'envoyExtAuthzGrpc')), { ...dry, metadata })),
    );
    expect(filterNamed(chain, 'envoy.filters.http.rbac').settings).toMatchObject({
      rules: [expect.stringContaining('policy[a]')],
      action: 'DENY',
    });
  });

  it('reach TCP chains by gRPC only', () => {
    const onTcp = (kind: string): readonly string[] => {
      const found = proxy(decide(...asked, config(authorizer('waf', kind)), custom('a', 'waf')));
      const chain = found.chains.find(({ protocol, passthrough }) => protocol === 'tcp' && passthrough);
      return (chain?.networkFilters ?? []).filter(({ stock }) => !stock).map(({ name }) => name);
    };
    expect(onTcp('envoyExtAuthzGrpc')).toEqual([
      'envoy.filters.network.rbac',
      'envoy.filters.network.ext_authz',
    ]);
    expect(onTcp('envoyExtAuthzHttp')).toEqual([]);
  });

  it('are taken away by an EnvoyFilter that removes the name of the check', () => {
    const remove = patch('HTTP_FILTER', 'REMOVE', undefined, at('envoy.filters.http.ext_authz'));
    const objects = [...asked, config(authorizer('waf', 'envoyExtAuthzGrpc')), custom('a', 'waf')];
    expect(onOven(...objects, envoyFilter('bakery/f', [remove]))).toEqual(['envoy.filters.http.rbac']);
  });

  it('drop the statistics filter together with defaultProviders', () => {
    const names = httpChain(proxy(decide(config()))).httpFilters.map(({ name }) => name);
    expect(names).not.toContain('istio.stats');
  });
});
