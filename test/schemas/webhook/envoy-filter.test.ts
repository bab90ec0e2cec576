import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, spec: JsonObject, errors: readonly string[]];

const patches = (...configPatches: readonly JsonObject[]): JsonObject => ({ configPatches });
const patch = (fields: JsonObject): JsonObject => patches({ applyTo: 'CLUSTER', ...fields });
const merge = (value: JsonObject): JsonObject => ({ patch: { operation: 'MERGE', value } });
const remove = { patch: { operation: 'REMOVE' } };
const match = (fields: JsonObject): JsonObject => patch({ match: fields, ...remove });
const filterMatch = (applyTo: string, filter: JsonObject): JsonObject =>
  patch({ applyTo, match: { listener: { filterChain: { filter } } }, ...remove });
const manager = 'envoy.filters.network.http_connection_manager';

/** Rows by istio/istio pkg/config/validation/envoyfilter/envoyfilter.go. */
const rules: readonly Row[] = [
  ['nothing', {}, []],
  ['a removal', patch(remove), []],
  ['no applyTo', patches(remove), ['spec.configPatches.0.applyTo']],
  ['a null patch', { configPatches: [null] }, ['spec.configPatches.0.applyTo']],
  ['no patch', patch({}), ['spec.configPatches.0.patch']],
  ['no operation', patch({ patch: { value: {} } }), ['spec.configPatches.0.patch.operation']],
  ['no value', patch({ patch: { operation: 'ADD' } }), ['spec.configPatches.0.patch.value']],
  ['an unknown operation', patch({ patch: { operation: 'X' } }), ['spec.configPatches.0.patch.operation']],
  ['anything at a waypoint', patches({ match: { context: 'WAYPOINT' } }), []],
  ['a version', match({ proxy: { proxyVersion: '^1\\.2[0-9].*' } }), []],
  ['a broken version', match({ proxy: { proxyVersion: '(' } }), ['spec.configPatches.0.match.proxy.proxyVersion']],
  ['a version too long to count', match({ proxy: { proxyVersion: '('.repeat(1025) } }), []],
  ['a cluster', match({ cluster: { name: 'a' } }), []],
  ['a listener for a cluster', match({ listener: {} }), ['spec.configPatches.0.match']],
  ['two matches, of which the last counts', match({ listener: {}, cluster: {} }), []],
  ['any match of a bootstrap', patch({ applyTo: 'BOOTSTRAP', match: { cluster: {} }, ...remove }), []],
  [
    'a filter without name',
    filterMatch('NETWORK_FILTER', {}),
    ['spec.configPatches.0.match.listener.filterChain.filter'],
  ],
  ['a sub-filter', filterMatch('HTTP_FILTER', { name: manager, subFilter: { name: 'a' } }), []],
  [
    'a sub-filter of another filter',
    filterMatch('HTTP_FILTER', { name: 'a', subFilter: { name: 'a' } }),
    ['spec.configPatches.0.match.listener.filterChain.filter'],
  ],
  [
    'a sub-filter for a network filter',
    filterMatch('NETWORK_FILTER', { name: manager, subFilter: { name: 'a' } }),
    ['spec.configPatches.0.match.listener.filterChain.filter'],
  ],
  [
    'a wildcard selector',
    { workloadSelector: { labels: { app: '*' } }, ...patch({}) },
    ['spec.workloadSelector.labels.app'],
  ],
];

const any = (type: string, fields: JsonObject = {}): JsonObject => ({
  typed_config: { '@type': `type.googleapis.com/${type}`, ...fields },
});
const httpFilter = (value: JsonObject): JsonObject => patch({ applyTo: 'HTTP_FILTER', ...merge(value) });
const router = 'envoy.extensions.filters.http.router.v3.Router';
const at = (path: string): readonly string[] => [`spec.configPatches.0.patch.value.${path}`];

/** Rows by istio/istio pkg/config/xds/xds.go and github.com/golang/protobuf jsonpb/decode.go. */
const values: readonly Row[] = [
  ['a cluster', patch(merge({ connect_timeout: '5s', typeConfig: null })), []],
  ['a field in JSON spelling', patch(merge({ connectTimeout: 5 })), at('connectTimeout')],
  ['a duration without unit', patch(merge({ connect_timeout: '5' })), at('connect_timeout')],
  ['a name that is a number', patch(merge({ name: 5 })), at('name')],
  ['an enum', patch(merge({ lb_policy: 'RANDOM' })), []],
  ['an enum by number', patch(merge({ lb_policy: 77 })), []],
  ['an unknown enum value', patch(merge({ lb_policy: 'BOGUS' })), at('lb_policy')],
  ['a list for a mapping', patch(merge({ eds_cluster_config: [] })), at('eds_cluster_config')],
  ['a mapping for a list', patch(merge({ health_checks: {} })), at('health_checks')],
  ['a wrapper', patch(merge({ per_connection_buffer_limit_bytes: '1024' })), []],
  ['a negative wrapper', patch(merge({ per_connection_buffer_limit_bytes: -1 })), at('per_connection_buffer_limit_bytes')],
  ['free metadata', patch(merge({ metadata: { filter_metadata: { a: { b: [null, 1] } } } })), []],
  ['metadata that is a list', patch(merge({ metadata: { filter_metadata: { a: [] } } })), at('metadata.filter_metadata.a')],
  ['an unknown field, which is dropped', patch(merge({ nosuch: { a: 1 } })), []],
  ['a typed filter', httpFilter({ name: 'a', ...any(router, { dynamic_stats: true }) }), []],
  ['a field of a typed filter', httpFilter(any(router, { dynamic_stats: 'yes' })), at('typed_config.dynamic_stats')],
  ['no type', httpFilter({ typed_config: {} }), at('typed_config')],
  ['an unknown type', httpFilter(any('a.Bogus')), at('typed_config.@type')],
  ['a type of v2', httpFilter(any('envoy.config.filter.http.lua.v2.Lua')), at('typed_config.@type')],
  ['the name of an enum', httpFilter(any('envoy.config.core.v3.RequestMethod')), at('typed_config.@type')],
  ['a type without prefix', httpFilter({ typed_config: { '@type': router } }), []],
  ['a well-known type', httpFilter(any('google.protobuf.Duration', { value: '1s' })), []],
  ['a well-known type without value', httpFilter(any('google.protobuf.Empty')), at('typed_config')],
  ['a key of the prototype', httpFilter(JSON.parse('{"__proto__":{"typed_config":5}}') as JsonObject), []],
];

const time = 'google.protobuf.Timestamp';
const value = 'typed_config.value';

/** Values of scalar types. */
const scalars: readonly (readonly [type: string, given: JsonValue, taken: boolean])[] = [
  [time, '2020-02-29T00:00:00Z', true],
  [time, '2021-02-29T00:00:00Z', false],
  [time, '2020-02-29', false],
  ['google.protobuf.UInt32Value', 4294967295, true],
  ['google.protobuf.UInt32Value', 4294967296, false],
  ['google.protobuf.UInt32Value', '-0', false],
  ['google.protobuf.Int64Value', '9223372036854775807', true],
  ['google.protobuf.Int64Value', '9223372036854775808', false],
  ['google.protobuf.Int32Value', '1e2', false],
  ['google.protobuf.Int32Value', 1.5, false],
  ['google.protobuf.FloatValue', '1e39', false],
  ['google.protobuf.DoubleValue', '1e39', true],
  ['google.protobuf.DoubleValue', 'NaN', true],
  ['google.protobuf.BytesValue', 'AQI=', true],
  ['google.protobuf.BytesValue', 'AQI', false],
  ['google.protobuf.BytesValue', [1, 255], true],
  ['google.protobuf.BytesValue', [256], false],
  ['google.protobuf.BoolValue', 'true', false],
  ['google.protobuf.StringValue', null, true],
];

const check = (spec: JsonObject) => validate(istioObject('networking.istio.io/v1alpha3', 'EnvoyFilter', spec));

describe('the webhook on EnvoyFilter', () => {
  it.each([...rules, ...values])('%s', async (_, spec, errors) => {
    expect(webhookErrorsOf(await check(spec))).toEqual(errors);
  });

  it.each(scalars)('%s %j', async (type, given, taken) => {
    const errors = webhookErrorsOf(await check(httpFilter(any(type, { value: given }))));
    expect(errors).toEqual(taken ? [] : at(value));
  });

  it('warns of fields that Istio drops and of names of old', async () => {
    const dropped = await check(patch(merge({ nosuch: 1 })));
    expect(dropped.webhook?.warnings.map(({ path }) => path.join('.'))).toEqual(at('nosuch'));
    const old = await check(filterMatch('NETWORK_FILTER', { name: 'envoy.http_connection_manager' }));
    expect(old.webhook?.warnings[0]?.message).toContain(manager);
  });
});
