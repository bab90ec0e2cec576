import type { Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { envoyObjectProblem } from '#mesh/envoy-api.js';
import { getOrMake } from '#mesh/lazy.js';
import { stringMap } from '#mesh/string-map.js';
import { readMessage } from '#policy/filter-chain/message/read-message.js';
import type { ApplyTo, ClusterMatch, FilterChainMatch, ListenerMatch } from './patch.js';
import type { Operation, Patch, ProxyMatch, RouteMatch, SkippedPatch } from './patch.js';

/** BuildXDSObjectFromStruct in pkg/config/xds/xds.go. */
const messages: ReadonlyMap<ApplyTo, string> = new Map([
  ['CLUSTER', 'envoy.config.cluster.v3.Cluster'],
  ['LISTENER', 'envoy.config.listener.v3.Listener'],
  ['ROUTE_CONFIGURATION', 'envoy.config.route.v3.RouteConfiguration'],
  ['FILTER_CHAIN', 'envoy.config.listener.v3.FilterChain'],
  ['HTTP_FILTER', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter'],
  ['NETWORK_FILTER', 'envoy.config.listener.v3.Filter'],
  ['VIRTUAL_HOST', 'envoy.config.route.v3.VirtualHost'],
  ['HTTP_ROUTE', 'envoy.config.route.v3.Route'],
  ['EXTENSION_CONFIG', 'envoy.config.core.v3.TypedExtensionConfig'],
  ['BOOTSTRAP', 'envoy.config.bootstrap.v3.Bootstrap'],
  ['LISTENER_FILTER', 'envoy.config.listener.v3.ListenerFilter'],
]);

const operations: ReadonlySet<string> = new Set([
  'INVALID',
  'MERGE',
  'ADD',
  'REMOVE',
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'REPLACE',
  'MERGE_AND_REPLACE_LIST',
]);

const contexts: ReadonlySet<string> = new Set([
  'ANY',
  'SIDECAR_INBOUND',
  'SIDECAR_OUTBOUND',
  'GATEWAY',
  'WAYPOINT',
]);

function isApplyTo(text: string): text is ApplyTo {
  return messages.has(text as ApplyTo);
}

function isOperation(text: string): text is Operation {
  return operations.has(text);
}

/** Full name of the message that a patch's value is for one `applyTo`; undefined: there is no such. */
export function messageFor(applyTo: string): string | undefined {
  return isApplyTo(applyTo) ? messages.get(applyTo) : undefined;
}

/** A message of the spec; `null` and absence are the same, an empty one is there. */
function part(value: JsonValue | undefined, ...path: readonly string[]): JsonObject | undefined {
  return objectAt(value, ...path);
}

function text(value: JsonObject, name: string): string {
  return stringAt(value, name) ?? '';
}

function port(value: JsonObject, name: string): number {
  const written = valueAt(value, [name]);
  const number = typeof written === 'string' ? Number(written) : written;
  return typeof number === 'number' && Number.isInteger(number) ? number : 0;
}

function chainMatch(value: JsonObject): FilterChainMatch {
  const filter = part(value, 'filter');
  const subFilter = part(filter, 'subFilter');
  return {
    name: text(value, 'name'),
    sni: text(value, 'sni'),
    transportProtocol: text(value, 'transportProtocol'),
    applicationProtocols: text(value, 'applicationProtocols'),
    destinationPort: port(value, 'destinationPort'),
    filter: filter && text(filter, 'name'),
    subFilter: subFilter && text(subFilter, 'name'),
  };
}

function listenerMatch(value: JsonObject): ListenerMatch {
  const chain = part(value, 'filterChain');
  return {
    name: text(value, 'name'),
    portNumber: port(value, 'portNumber'),
    listenerFilter: text(value, 'listenerFilter'),
    filterChain: chain && chainMatch(chain),
  };
}

function routeMatch(value: JsonObject): RouteMatch {
  const vhost = part(value, 'vhost');
  const route = part(vhost, 'route');
  return {
    name: text(value, 'name'),
    portNumber: port(value, 'portNumber'),
    portName: text(value, 'portName'),
    gateway: text(value, 'gateway'),
    vhost: vhost && {
      name: text(vhost, 'name'),
      domainName: text(vhost, 'domainName'),
      route: route && { name: text(route, 'name'), action: text(route, 'action') },
    },
  };
}

function clusterMatch(value: JsonObject): ClusterMatch {
  return {
    name: text(value, 'name'),
    service: text(value, 'service'),
    subset: text(value, 'subset'),
    portNumber: port(value, 'portNumber'),
  };
}

function proxyMatch(value: JsonObject): ProxyMatch {
  return { proxyVersion: text(value, 'proxyVersion'), metadata: stringMap(part(value, 'metadata')) };
}

/** The parts of a match: `listener`, `routeConfiguration`, `cluster` and `waypoint` are one of. */
function matchOf(match: JsonObject | undefined): Pick<Patch, 'listener' | 'route' | 'cluster' | 'proxy'> {
  const given = ['waypoint', 'cluster', 'routeConfiguration', 'listener'].find((name) => part(match, name));
  const chosen = given === undefined ? undefined : part(match, given);
  const proxy = part(match, 'proxy');
  return {
    listener: given === 'listener' && chosen ? listenerMatch(chosen) : undefined,
    route: given === 'routeConfiguration' && chosen ? routeMatch(chosen) : undefined,
    cluster: given === 'cluster' && chosen ? clusterMatch(chosen) : undefined,
    proxy: proxy && proxyMatch(proxy),
  };
}

/** INSERT operations are for lists whose order counts; for the rest they add (convertToEnvoyFilterWrapper). */
function operationFor(applyTo: ApplyTo, operation: Operation): Operation {
  const ordered = ['HTTP_FILTER', 'NETWORK_FILTER', 'HTTP_ROUTE', 'LISTENER_FILTER'].includes(applyTo);
  return operation.startsWith('INSERT') && !ordered ? 'ADD' : operation;
}

function readPatch(envoyFilter: Resource, entry: JsonValue, index: number): Patch | SkippedPatch {
  const at = { resource: envoyFilter, path: ['spec', 'configPatches', index] };
  const skip = (reason: string): SkippedPatch => ({ envoyFilter, at, reason });
  const patch = part(entry, 'patch');
  if (patch === undefined) return skip('there is no patch');
  const applyTo = stringAt(entry, 'applyTo') ?? '';
  if (!isApplyTo(applyTo)) return skip('applyTo is missing');
  const operation = stringAt(patch, 'operation') ?? 'INVALID';
  const value = part(patch, 'value');
  const message = messages.get(applyTo) ?? '';
  const problem = value && envoyObjectProblem(value, message);
  if (problem !== undefined) return skip(problem);
  const match = part(entry, 'match');
  return {
    envoyFilter,
    at,
    applyTo,
    operation: operationFor(applyTo, isOperation(operation) ? operation : 'INVALID'),
    context: stringAt(match, 'context') ?? 'ANY',
    ...matchOf(match),
    value: value && readMessage(value, message),
  };
}

/** True for a patch that istiod holds. */
export function isHeld(patch: Patch | SkippedPatch): patch is Patch {
  return 'applyTo' in patch;
}

/** Why istiod can not decode a patch and thereby the whole object: names that its enums do not have, other shapes. */
function undecodable(entry: JsonValue): string | undefined {
  if (!isObject(entry)) return 'an entry of configPatches is no mapping';
  const known = (value: string | undefined, names: (text: string) => boolean): boolean =>
    value === undefined || names(value);
  const applyTo = stringAt(entry, 'applyTo');
  if (!known(applyTo, (name) => name === 'INVALID' || isApplyTo(name)))
    return `unknown applyTo ${applyTo ?? ''}`;
  const operation = stringAt(entry, 'patch', 'operation');
  if (!known(operation, isOperation)) return `unknown operation ${operation ?? ''}`;
  const context = stringAt(entry, 'match', 'context');
  if (!known(context, (name) => contexts.has(name))) return `unknown context ${context ?? ''}`;
  return undefined;
}

const read = new WeakMap<Resource, readonly (Patch | SkippedPatch)[]>();

/**
 * The patches of an EnvoyFilter in their order, those included that istiod leaves out because it can not read their
 * value. Of an object with a name that no enum has it can read nothing (convertToEnvoyFilterWrapper in
 * pilot/pkg/model/envoyfilter.go). Read once.
 */
export function readPatches(envoyFilter: Resource): readonly (Patch | SkippedPatch)[] {
  return getOrMake(read, envoyFilter, () => {
    const entries = listAt(envoyFilter.object, 'spec', 'configPatches');
    const problem = entries.map(undecodable).find((found) => found !== undefined);
    if (problem === undefined) return entries.map((entry, index) => readPatch(envoyFilter, entry, index));
    return entries.map((_, index) => ({
      envoyFilter,
      at: { resource: envoyFilter, path: ['spec', 'configPatches', index] },
      reason: problem,
    }));
  });
}

/** Priority of an EnvoyFilter: the lower, the earlier it is applied. */
export function priorityOf(envoyFilter: Resource): number {
  const written = valueAt(envoyFilter.object, ['spec', 'priority']);
  return typeof written === 'number' ? written : 0;
}
