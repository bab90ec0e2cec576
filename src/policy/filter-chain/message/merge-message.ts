import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { envoyApi } from '#mesh/envoy-api.js';
import type { MessageField } from '#mesh/envoy-api.js';
import { messageNameOf } from './read-message.js';

/** Fields of which a message has one at a time, for the messages that filters, routes and clusters are made of. */
const choices: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'envoy.config.cluster.v3.Cluster': [['type', 'cluster_type']],
  'envoy.config.core.v3.Address': [['socket_address', 'pipe', 'envoy_internal_address']],
  'envoy.config.core.v3.AsyncDataSource': [['local', 'remote']],
  'envoy.config.core.v3.DataSource': [['filename', 'inline_bytes', 'inline_string', 'environment_variable']],
  'envoy.config.core.v3.GrpcService': [['envoy_grpc', 'google_grpc']],
  'envoy.config.route.v3.Route': [
    ['route', 'redirect', 'direct_response', 'filter_action', 'non_forwarding_action'],
  ],
  'envoy.config.route.v3.RouteMatch': [
    ['prefix', 'path', 'safe_regex', 'connect_matcher', 'path_separated_prefix', 'path_match_policy'],
  ],
  'envoy.extensions.filters.http.ext_authz.v3.CheckSettings': [['grpc_service', 'http_service']],
  'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz': [['grpc_service', 'http_service']],
  'envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute': [['disabled', 'check_settings']],
  'envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute': [['disabled', 'overrides']],
  'envoy.extensions.filters.http.lua.v3.LuaPerRoute': [['disabled', 'name', 'source_code']],
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager': [
    ['rds', 'route_config', 'scoped_routes'],
  ],
};

/** Values that protobuf does not tell from absent ones, so that merging them changes nothing. */
function isDefault(value: JsonValue, { type }: MessageField): boolean {
  if (type.shape !== 'one')
    return isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
  if (value === false || value === '' || value === 0 || value === '0') return true;
  const [zero] = envoyApi().namesOf(type.of) ?? [];
  return zero !== undefined && value === zero;
}

const wrapper = /^google\.protobuf\.\w+Value$/;

function mergeOne(old: JsonValue | undefined, value: JsonValue, type: string): JsonValue {
  if (type === 'google.protobuf.Struct')
    return isObject(old) && isObject(value) ? { ...old, ...value } : value;
  if (type === 'google.protobuf.Any' || type === 'google.protobuf.Duration') return value;
  const fields = envoyApi().fieldsOf(type);
  if (fields === undefined || !isObject(value)) return value;
  return mergeFields(isObject(old) ? old : {}, value, { type, replacesLists: false });
}

interface Merging {
  readonly type: string;
  /** MERGE_AND_REPLACE_LIST: lists take the place of what is there. */
  readonly replacesLists: boolean;
}

function mergeField(
  old: JsonValue | undefined,
  value: JsonValue,
  { field: { type }, replacesLists }: { readonly field: MessageField; readonly replacesLists: boolean },
): JsonValue {
  if (type.shape === 'list' && isArray(value))
    return replacesLists || !isArray(old) ? value : [...old, ...value];
  // Entries of a map take the place of those of their key.
  if (type.shape === 'map' && isObject(value)) return isObject(old) ? { ...old, ...value } : value;
  if (!isObject(value) || !isObject(old)) return mergeOne(old, value, type.of);
  const plain = type.of.startsWith('google.protobuf.');
  return plain ? mergeOne(old, value, type.of) : mergeFields(old, value, { type: type.of, replacesLists });
}

function rivalsOf(message: string, field: string): readonly string[] {
  const groups = Object.hasOwn(choices, message) ? (choices[message] ?? []) : [];
  return groups.find((group) => group.includes(field)) ?? [];
}

function mergeFields(old: JsonObject, value: JsonObject, { type, replacesLists }: Merging): JsonObject {
  const merged = new Map(Object.entries(old));
  for (const field of envoyApi().fieldsOf(type) ?? []) {
    const written = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (written === undefined || written === null) continue;
    const rivals = rivalsOf(type, field.name);
    const kept = merged.get(field.name);
    const silent = wrapper.test(field.type.of) ? kept !== undefined : rivals.length === 0;
    if (silent && isDefault(written, field)) continue;
    for (const rival of rivals) if (rival !== field.name) merged.delete(rival);
    merged.set(field.name, mergeField(kept, written, { field, replacesLists }));
  }
  return Object.fromEntries(merged);
}

/**
 * Merges a message into another of its type, both in the form of readMessage: fields that are set win, messages merge,
 * lists are appended (or replaced), entries of maps and durations replaced (pkg/proto/merge/merge.go).
 */
export function mergeMessage(old: JsonObject, value: JsonObject, merging: Merging): JsonObject {
  return mergeFields(old, value, merging);
}

/**
 * Merges what an `Any` holds into another; undefined when their types differ, which makes istiod panic
 * (MergeAnyWithAny in pilot/pkg/networking/util/util.go).
 */
export function mergeAny(old: JsonObject, value: JsonObject): JsonObject | undefined {
  const [oldUrl, url] = [old['@type'], value['@type']];
  if (typeof oldUrl !== 'string' || typeof url !== 'string') return undefined;
  const type = messageNameOf(url);
  if (messageNameOf(oldUrl) !== type) return undefined;
  const merged = mergeFields(old, value, { type, replacesLists: false });
  return { ...merged, '@type': oldUrl };
}
