import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, meshConfig, object } from '../manifests.js';
import { added, check, decide, envoyFilter, httpChain, insert, lua, onOven, oven, proxy } from './bakery.js';
import { at, patch, town } from './bakery.js';
import { policiesOf } from '../manifests.js';

const front = (name: string): JsonObject => insert(lua(name), at(undefined));
const last = (name: string): JsonObject => insert(lua(name));

describe('the proxies that an EnvoyFilter reaches (getMatchedEnvoyFilters in pilot/pkg/model/push_context.go)', () => {
  const waf = insert(check('guard'));
  const cases: readonly (readonly [string, JsonObject, boolean])[] = [
    ['its namespace', envoyFilter('bakery/f', [waf]), true],
    ['another namespace', envoyFilter('depot/f', [waf]), false],
    ['the root namespace', envoyFilter('istio-system/f', [waf]), true],
    [
      'a selector in the root namespace',
      envoyFilter('istio-system/f', [waf], { labels: { app: 'oven' } }),
      true,
    ],
    ['labels of another workload', envoyFilter('bakery/f', [waf], { labels: { app: 'till' } }), false],
    [
      'a label that is missing',
      envoyFilter('bakery/f', [waf], { labels: { app: 'oven', tier: 'x' } }),
      false,
    ],
    ['an empty selector', envoyFilter('bakery/f', [waf], { spec: { workloadSelector: {} } }), true],
    [
      'matchLabels, which are no labels',
      envoyFilter('bakery/f', [waf], { spec: { workloadSelector: { matchLabels: { app: 'till' } } } }),
      true,
    ],
    [
      'targetRefs, which sidecars do not know',
      envoyFilter('bakery/f', [waf], {
        spec: { targetRefs: [{ group: '', kind: 'Service', name: 'oven' }] },
      }),
      false,
    ],
  ];

  it.each(cases)('%s', (_, filter, reached) => {
    expect(onOven(filter)).toEqual(reached ? ['guard'] : []);
  });

  it('takes the root namespace from the mesh configuration', () => {
    const config = meshConfig({ rootNamespace: 'depot' });
    expect(onOven(config, envoyFilter('istio-system/f', [waf]))).toEqual([]);
    expect(onOven(config, envoyFilter('depot/f', [waf]))).toEqual(['guard']);
  });
});

describe('the proxy match (proxyMatch in pilot/pkg/model/envoyfilter.go)', () => {
  const outcome = (proxyVersion: string): readonly [readonly string[], string | undefined] => {
    const match = { ...at('envoy.filters.http.router'), proxy: { proxyVersion } };
    const found = proxy(decide(envoyFilter('bakery/f', [insert(lua('guard'), match)])));
    return [added(httpChain(found)), found.patches[0]?.outcome];
  };

  it.each([
    ['^1\\.32.*', true],
    ['1.3', true],
    ['', true],
    ['^1\\.19.*', false],
    ['^1.(32', true],
    [`^1\\.32${'.*'.repeat(600)}`, false],
  ])('%s', (version, met) => {
    expect(outcome(version)).toEqual(met ? [['guard'], 'applied'] : [[], 'other-version']);
  });

  it('asks for what the proxy says of itself', () => {
    const matched = (metadata: JsonObject): readonly string[] =>
      onOven(
        envoyFilter('bakery/f', [
          insert(lua('guard'), { ...at('envoy.filters.http.router'), proxy: { metadata } }),
        ]),
      );
    expect(matched({ NAMESPACE: 'bakery' })).toEqual(['guard']);
    expect(matched({ NAMESPACE: 'depot' })).toEqual([]);
    expect(matched({ NO_SUCH_THING: 'x' })).toEqual([]);
    expect(matched({ CLUSTER_ID: 'Kubernetes', INTERCEPTION_MODE: 'REDIRECT' })).toEqual(['guard']);
    expect(matched({ CLUSTER_ID: 'east' })).toEqual([]);
  });
});

it('takes a patch for one of several clusters for its own where the input does not name the cluster', () => {
  const match = { ...at('envoy.filters.http.router'), proxy: { metadata: { CLUSTER_ID: 'east' } } };
  const objects = [...town, envoyFilter('bakery/f', [insert(lua('guard'), match)])];
  const part = policiesOf(objects, { scope: 'partial', stored: true, istioVersion: '1.32.0' });
  expect(proxy(part).patches.map(({ outcome }) => outcome)).toEqual(['applied']);
});

describe('the order of objects (EnvoyFilters in pilot/pkg/model/push_context.go)', () => {
  it('goes by priority, the lower first, so that of two at the front the later one runs first', () => {
    const filters = [
      envoyFilter('bakery/a', [front('late')], { priority: 5 }),
      envoyFilter('bakery/b', [front('early')], { priority: -5 }),
    ];
    expect(onOven(...filters)).toEqual(['late', 'early']);
  });

  it('has the root namespace before others of its priority, whatever their age', () => {
    const filters = [
      envoyFilter('bakery/a', [last('own')], { metadata: created(1) }),
      envoyFilter('istio-system/b', [last('root')], { metadata: created(9) }),
    ];
    expect(onOven(...filters)).toEqual(['root', 'own']);
  });

  it('lets a lower number of the own namespace go before the root', () => {
    const filters = [
      envoyFilter('bakery/a', [last('own')], { priority: -1 }),
      envoyFilter('istio-system/b', [last('root')]),
    ];
    expect(onOven(...filters)).toEqual(['own', 'root']);
  });

  it('goes by age, then by name', () => {
    const filters = [
      envoyFilter('bakery/c', [last('third')], { metadata: created(3) }),
      envoyFilter('bakery/b', [last('second')], { metadata: created(2) }),
      envoyFilter('bakery/a', [last('young')], { metadata: created(3) }),
    ];
    expect(onOven(...filters)).toEqual(['second', 'young', 'third']);
  });

  it('loses an insert whose anchor comes later', () => {
    const anchored = insert(lua('b'), at('a'));
    const filters = (priority: number): readonly JsonObject[] => [
      envoyFilter('bakery/one', [last('a')], { priority: 1 }),
      envoyFilter('bakery/two', [anchored], { priority }),
    ];
    expect(onOven(...filters(0))).toEqual(['a']);
    expect(onOven(...filters(2))).toEqual(['b', 'a']);
  });

  it('lets a namespace remove what the root put in, unless the root comes later', () => {
    const remove = patch('HTTP_FILTER', 'REMOVE', undefined, at('guard'));
    const own = envoyFilter('bakery/off', [remove]);
    expect(onOven(envoyFilter('istio-system/waf', [insert(check('guard'))]), own)).toEqual([]);
    const later = envoyFilter('istio-system/waf', [insert(check('guard'))], { priority: 1 });
    expect(onOven(later, own)).toEqual(['guard']);
  });
});

describe('patches that istiod leaves out', () => {
  const outcomes = (...patches: readonly JsonObject[]): readonly string[] =>
    proxy(decide(envoyFilter('bakery/f', patches))).patches.map(({ outcome }) => outcome);

  it('skips a value that it can not read, and keeps the others', () => {
    const unknown = { name: 'x', typed_config: { '@type': 'type.googleapis.com/modsecurity.Decoder' } };
    const v2 = {
      name: 'x',
      typed_config: { '@type': 'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua' },
    };
    const untyped = { name: 'x', typed_config: { inline_code: '' } };
    const wrong = check('x', { failure_mode_allow: 'yes' });
    expect(outcomes(insert(unknown), insert(v2), insert(untyped), insert(wrong), last('good'))).toEqual([
      'unreadable',
      'unreadable',
      'unreadable',
      'unreadable',
      'applied',
    ]);
  });

  it('can read nothing of an object with a name that no enum has', () => {
    const filter = envoyFilter('bakery/f', [last('a'), patch('HTTPFILTER', 'ADD', lua('b'))]);
    expect(onOven(filter)).toEqual([]);
    expect(proxy(decide(filter)).patches.map(({ outcome }) => outcome)).toEqual(['unreadable', 'unreadable']);
  });

  it('ignores unknown fields', () => {
    const found = proxy(
      decide(envoyFilter('bakery/f', [insert(check('guard', { failure_mode_alow: true }))])),
    );
    expect(httpChain(found).httpFilters.find(({ name }) => name === 'guard')?.settings).toMatchObject({
      failOpen: false,
    });
  });
});

describe('proxies without chains of their own', () => {
  it('is told that there is none', () => {
    const bare = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'plain' } };
    const pod = object('v1/Pod', 'plain/one', { containers: [{ name: 'a', image: 'a' }] });
    const policies = decide(bare, pod);
    const [one] = policies.mesh.workloadsIn('plain');
    expect(one && policies.filterChains(one)).toMatchObject({ known: true, value: undefined });
  });

  it('has no inbound chain where nothing is redirected and no Sidecar listens', () => {
    const config = meshConfig({ defaultConfig: { interceptionMode: 'NONE' } });
    expect(proxy(decide(config), oven).chains).toEqual([]);
  });
});
