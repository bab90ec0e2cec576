import type { FieldRef } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { anyMatch, connectionManagerType, nameOf } from './envoy-model.js';
import type {
  ChainModel,
  FilterModel,
  HttpModel,
  ListenerModel,
  OverrideModel,
  RouteConfigModel,
  RouteModel,
  VirtualHostModel,
} from './envoy-model.js';
import type { ChainMatch, ChainTls } from './filter-chain.js';
import { heldMessage } from './message/read-message.js';

function objects(value: JsonValue | undefined, name: string): readonly JsonObject[] {
  return listAt(value, name).filter(isObject);
}

/** The settings of filters in a part of the routes. */
export function overridesOf(config: JsonObject, by: FieldRef | undefined): Map<string, OverrideModel> {
  const entries = Object.entries(objectAt(config, 'typed_per_filter_config') ?? {});
  return new Map(entries.map(([key, value]) => [key, { value: value ?? null, by }]));
}

const actions = [
  ['route', 'ROUTE'],
  ['redirect', 'REDIRECT'],
  ['direct_response', 'DIRECT_RESPONSE'],
] as const;

/** Kind of action that a route's message has. */
export function actionOf(config: JsonObject): RouteModel['action'] {
  return actions.find(([field]) => Object.hasOwn(config, field))?.[1] ?? 'OTHER';
}

/** A route that a patch brings. */
export function routeOf(config: JsonObject, by: FieldRef | undefined): RouteModel {
  return { config, name: nameOf(config), action: actionOf(config), overrides: overridesOf(config, by), by };
}

/** A virtual host that a patch brings. */
export function virtualHostOf(config: JsonObject, by: FieldRef | undefined): VirtualHostModel {
  return {
    config,
    name: nameOf(config),
    domains: stringsAt(config, 'domains'),
    routes: objects(config, 'routes').map((route) => routeOf(route, by)),
    overrides: overridesOf(config, by),
    by,
  };
}

function routeConfigOf(config: JsonObject, by: FieldRef | undefined): RouteConfigModel {
  return {
    config,
    name: nameOf(config),
    virtualHosts: objects(config, 'virtual_hosts').map((host) => virtualHostOf(host, by)),
    overrides: overridesOf(config, by),
    changed: true,
  };
}

function httpOf(typed: JsonObject, by: FieldRef): HttpModel {
  const routes = objectAt(typed, 'route_config');
  return {
    filters: objects(typed, 'http_filters').map((config) => filterOf(config, by)),
    routes: routes && routeConfigOf(routes, by),
  };
}

/** A network or HTTP filter that a patch brings. */
export function filterOf(config: JsonObject, by: FieldRef): FilterModel {
  const held = heldMessage(config['typed_config']);
  const http = held?.type === connectionManagerType ? httpOf(held.fields, by) : undefined;
  return { config, stock: false, by, changedBy: [], http };
}

/** What a filter chain's message asks of a connection. */
export function chainMatchOf(config: JsonObject): ChainMatch {
  const match = objectAt(config, 'filter_chain_match');
  if (match === undefined) return anyMatch;
  const port = valueAt(match, ['destination_port']);
  return {
    destinationPort: typeof port === 'number' ? port : undefined,
    transportProtocol: stringAt(match, 'transport_protocol') ?? '',
    applicationProtocols: stringsAt(match, 'application_protocols'),
    serverNames: stringsAt(match, 'server_names'),
  };
}

function tlsOf(config: JsonObject): ChainTls {
  const socket = objectAt(config, 'transport_socket');
  if (socket === undefined) return 'none';
  const required = valueAt(socket, ['typed_config', 'require_client_certificate']);
  return required === true ? 'mutual' : 'simple';
}

/** A filter chain that a patch brings. */
export function chainOf(config: JsonObject, by: FieldRef): ChainModel {
  const match = chainMatchOf(config);
  return {
    name: nameOf(config),
    match,
    tls: tlsOf(config),
    filters: objects(config, 'filters').map((filter) => filterOf(filter, by)),
    port: match.destinationPort,
    passthrough: false,
    servers: [],
    by,
    changed: false,
  };
}

function portOf(config: JsonObject): number | undefined {
  const port = valueAt(config, ['address', 'socket_address', 'port_value']);
  return typeof port === 'number' ? port : undefined;
}

/** A listener that a patch brings. */
export function listenerOf(config: JsonObject, by: FieldRef): ListenerModel {
  const port = portOf(config);
  const chains = objects(config, 'filter_chains').map((chain) => ({ ...chainOf(chain, by), port }));
  const standard = objectAt(config, 'default_filter_chain');
  return {
    kind: 'added',
    name: nameOf(config),
    port,
    chains,
    defaultChain: standard && { ...chainOf(standard, by), port },
    listenerFilters: [...listAt(config, 'listener_filters')],
    by,
    changed: false,
    rejected: undefined,
  };
}
