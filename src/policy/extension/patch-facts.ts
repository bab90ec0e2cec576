import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';

/** A patch of an EnvoyFilter, and what it says of where and how. */
export interface Patch {
  readonly at: FieldRef;
  readonly applyTo: string;
  readonly operation: string;
  /** Names of the network filter and the HTTP filter that it is anchored on; empty: none. */
  readonly networkFilter: string;
  readonly httpFilter: string;
  readonly hasMatch: boolean;
  readonly value: JsonObject | undefined;
}

/** The patches of an EnvoyFilter, in order. */
export function patchesOf(envoyFilter: Resource): readonly Patch[] {
  return listAt(envoyFilter.object, 'spec', 'configPatches').map((patch, index) => {
    const filter = ['match', 'listener', 'filterChain', 'filter'];
    const match = objectAt(patch, 'match');
    return {
      at: { resource: envoyFilter, path: ['spec', 'configPatches', index] },
      applyTo: stringAt(patch, 'applyTo') ?? '',
      operation: stringAt(patch, 'patch', 'operation') ?? '',
      networkFilter: stringAt(patch, ...filter, 'name') ?? '',
      httpFilter: stringAt(patch, ...filter, 'subFilter', 'name') ?? '',
      hasMatch: ['cluster', 'listener', 'routeConfiguration'].some(
        (key) => objectAt(match, key) !== undefined,
      ),
      value: objectAt(patch, 'patch', 'value'),
    };
  });
}

const insertions = ['INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'];

/** Operations that istiod passes over without a word, by what the patch applies to (pilot/pkg/networking/core/envoyfilter). */
const passedOver: Readonly<Record<string, readonly string[]>> = {
  ROUTE_CONFIGURATION: ['ADD', 'REMOVE', 'REPLACE', ...insertions],
  VIRTUAL_HOST: insertions,
  HTTP_ROUTE: ['REPLACE'],
  CLUSTER: ['REPLACE', ...insertions],
  LISTENER: ['REPLACE', ...insertions],
  HTTP_FILTER: ['MERGE_AND_REPLACE_LIST'],
  NETWORK_FILTER: ['MERGE_AND_REPLACE_LIST'],
  EXTENSION_CONFIG: ['REPLACE', 'MERGE', 'REMOVE', ...insertions],
};

/** True for an operation that has no effect on what the patch applies to. */
export function isPassedOver({ applyTo, operation }: Patch): boolean {
  return Object.hasOwn(passedOver, applyTo) && passedOver[applyTo]?.includes(operation) === true;
}

/** Names that filters had before Envoy 1.14; istiod compares names as they are (pkg/config/xds/deprecated.go). */
const formerNames: Readonly<Record<string, string>> = {
  'envoy.http_connection_manager': 'envoy.filters.network.http_connection_manager',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
  'envoy.mongo_proxy': 'envoy.filters.network.mongo_proxy',
  'envoy.redis_proxy': 'envoy.filters.network.redis_proxy',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.rate_limit': 'envoy.filters.http.ratelimit',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
};

/** An anchor that no filter has any more, with today's name where it has one. */
export interface FormerAnchor {
  readonly name: string;
  readonly today: string;
  readonly at: FieldRef;
}

/** The anchor of a patch that is the former name of a filter, or of one that Istio has given up. */
export function formerAnchor(patch: Patch): FormerAnchor | undefined {
  const path = [...patch.at.path, 'match', 'listener', 'filterChain', 'filter'];
  const isRelative = patch.operation !== 'INSERT_FIRST' && patch.operation !== 'ADD';
  const places: readonly (readonly [string, FieldPath])[] = [
    [patch.networkFilter, [...path, 'name']],
    [isRelative ? patch.httpFilter : '', [...path, 'subFilter', 'name']],
  ];
  for (const [name, place] of places) {
    const today = Object.hasOwn(formerNames, name)
      ? formerNames[name]
      : /^(?:mixer|istio_authn|envoy\.filters\.http\.mixer)$/.test(name)
        ? ''
        : undefined;
    if (today !== undefined) return { name, today, at: { resource: patch.at.resource, path: place } };
  }
  return undefined;
}

/** Filters that istiod itself puts into chains, those of plugins before any patch; all others come from some EnvoyFilter. */
const generated =
  /^(?:envoy\.filters\.(?:network|listener)\.|istio\.|extensions\.istio\.io\/|envoy\.filters\.http\.(?:router|fault|cors|rbac|jwt_authn|ext_authz|grpc_stats|grpc_web|alpn|header_to_metadata|set_filter_state|connect_authority|peer_metadata|stateful_session|compressor)$)/;

/** The name of a filter of some other EnvoyFilter on which the patch depends, without a priority that orders the two. */
export function foreignAnchor(envoyFilter: Resource, patch: Patch): string | undefined {
  const relative = ['INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE', 'REMOVE'].includes(patch.operation);
  const priority = valueAt(envoyFilter.object, ['spec', 'priority']);
  const { httpFilter, applyTo } = patch;
  if (!relative || applyTo !== 'HTTP_FILTER' || httpFilter === '' || typeof priority === 'number')
    return undefined;
  if (generated.test(httpFilter) || Object.hasOwn(formerNames, httpFilter)) return undefined;
  const own = patchesOf(envoyFilter).some(({ value }) => stringAt(value, 'name') === httpFilter);
  return own ? undefined : httpFilter;
}

const typeOf = ({ value }: Patch): string =>
  (stringAt(value, 'typed_config', '@type') ?? stringAt(value, 'typedConfig', '@type') ?? '').replace(
    /^.*\//,
    '',
  );

/** Packages of the configuration of filters that istiod generates, by the filter's name. */
const packages: Readonly<Record<string, string>> = {
  'envoy.filters.http.router': 'envoy.extensions.filters.http.router.',
  'envoy.filters.http.cors': 'envoy.extensions.filters.http.cors.',
  'envoy.filters.http.fault': 'envoy.extensions.filters.http.fault.',
  'envoy.filters.http.rbac': 'envoy.extensions.filters.http.rbac.',
  'envoy.filters.http.jwt_authn': 'envoy.extensions.filters.http.jwt_authn.',
  'envoy.filters.http.ext_authz': 'envoy.extensions.filters.http.ext_authz.',
  'envoy.filters.http.grpc_stats': 'envoy.extensions.filters.http.grpc_stats.',
};

/** True for a MERGE whose value has another type than the filter that it names: merging them panics in istiod. */
function isOfOtherType(patch: Patch): boolean {
  const own = Object.hasOwn(packages, patch.httpFilter) ? packages[patch.httpFilter] : undefined;
  const type = typeOf(patch);
  return own !== undefined && type.startsWith('envoy.') && !type.startsWith(own);
}

/**
 * What a MERGE that does not fit does: `filters` and `types` undo every patch of the listener, `clusters` renames all clusters
 * (pilot/pkg/networking/core/envoyfilter, where a panic is caught for the listener as a whole).
 */
export function unanchoredMerge(patch: Patch): 'filters' | 'types' | 'clusters' | undefined {
  const { applyTo, operation, value } = patch;
  if (applyTo === 'CLUSTER' && operation.startsWith('MERGE'))
    return renamesClusters(patch) ? 'clusters' : undefined;
  if (applyTo !== 'HTTP_FILTER' || operation !== 'MERGE') return undefined;
  if (isOfOtherType(patch)) return 'types';
  const isTyped =
    objectAt(value, 'typed_config') !== undefined || objectAt(value, 'typedConfig') !== undefined;
  return patch.httpFilter === '' && isTyped ? 'filters' : undefined;
}

/** A value with a transport socket is merged into that alone (cluster_patch.go, mergeTransportSocketCluster). */
function renamesClusters({ hasMatch, value }: Patch): boolean {
  const isNamed = (stringAt(value, 'name') ?? '') !== '';
  const socket = objectAt(value, 'transport_socket') ?? objectAt(value, 'transportSocket');
  return isNamed && !hasMatch && socket === undefined;
}

/** Something in a patch that weakens TLS. */
export interface WeakenedTls {
  readonly kind: 'untrusted' | 'expired' | 'old-version';
  readonly field: string;
  readonly at: FieldRef;
}

/** Values that a merge carries over: those that are their type's default (false, zero) change nothing. */
const weaknesses: Readonly<Record<string, (value: JsonValue) => WeakenedTls['kind'] | undefined>> = {
  trust_chain_verification: (value) => (value === 'ACCEPT_UNTRUSTED' ? 'untrusted' : undefined),
  allow_expired_certificate: (value) => (value === true ? 'expired' : undefined),
  tls_minimum_protocol_version: (value) =>
    value === 'TLSv1_0' || value === 'TLSv1_1' ? 'old-version' : undefined,
};

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function weakenedIn(value: JsonValue | undefined, at: FieldRef): readonly WeakenedTls[] {
  if (isArray(value))
    return value.flatMap((item, index) => weakenedIn(item, { ...at, path: [...at.path, index] }));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = { ...at, path: [...at.path, key] };
    const name = snake(key);
    const kind =
      Object.hasOwn(weaknesses, name) && inner !== undefined ? weaknesses[name]?.(inner) : undefined;
    return kind === undefined ? weakenedIn(inner, place) : [{ kind, field: key, at: place }];
  });
}

/** Fields by which a patch makes TLS weaker, wherever they stand in its value. */
export function weakenedTls({ value, at }: Patch): readonly WeakenedTls[] {
  return weakenedIn(value, { ...at, path: [...at.path, 'patch', 'value'] });
}

function addressesIn(
  value: JsonValue | undefined,
  path: FieldPath,
): readonly { address: string; path: FieldPath }[] {
  const socket = objectAt(value, 'socket_address') ?? objectAt(value, 'socketAddress');
  const address = stringAt(socket, 'address');
  return address === undefined ? [] : [{ address, path }];
}

/** The place where a patch of the bootstrap opens Envoy's admin interface to the network. */
export function openAdmin({ applyTo, value, at }: Patch): FieldRef | undefined {
  if (applyTo !== 'BOOTSTRAP') return undefined;
  const path = [...at.path, 'patch', 'value', 'admin', 'address'];
  const found = addressesIn(valueAt(value, ['admin', 'address']), path)[0];
  if (found === undefined || /^(?:127\.|::1$|localhost$)/.test(found.address)) return undefined;
  return { resource: at.resource, path: found.path };
}
