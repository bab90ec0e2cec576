import { isObject, listAt, stringsAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type {
  RouteConfigModel,
  RouteModel,
  RouteScope,
  VirtualHostModel,
} from '#policy/filter-chain/envoy-model.js';
import { mergeMessage } from '#policy/filter-chain/message/merge-message.js';
import { actionOf, overridesOf, routeOf, virtualHostOf } from '#policy/filter-chain/model-of-value.js';
import { inContext, merges, PatchPanic, valueOf } from './patch.js';
import type { Patch, RouteMatch } from './patch.js';
import type { Patching } from './patch-filters.js';

/** Ports of a gateway's servers by the port that the pod listens on. */
export type PortMap = ReadonlyMap<number, ReadonlySet<number>>;

interface Place extends Patching {
  readonly routes: RouteConfigModel;
  /** Undefined for sidecars. */
  readonly portMap: PortMap | undefined;
}

/** Go's strconv.Atoi, 0 where it fails. */
function atoi(text: string): number {
  return /^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Port in a sidecar's route name: `inbound|8080||`, `8080` (getListenerPortFromName in rc_patch.go). */
function portOfName(name: string): number {
  return name.startsWith('inbound') ? atoi(name.split('|')[1] ?? '') : atoi(name);
}

/** `http.8080`, `https.443.https.public.shop` (ParseGatewayRDSRouteName in pilot/pkg/model/gateway.go). */
function gatewayRoute(name: string): {
  readonly port: number;
  readonly portName: string;
  readonly gateway: string;
} {
  if (name.startsWith('http.')) return { port: atoi(name.slice('http.'.length)), portName: '', gateway: '' };
  const parts = name.split('.');
  if (parts.length !== 5 || parts[0] !== 'https') return { port: 0, portName: '', gateway: '' };
  const [, port = '', portName = '', gateway = '', namespace = ''] = parts;
  return { port: atoi(port), portName, gateway: `${namespace}/${gateway}` };
}

function gatewayMatch(name: string, match: RouteMatch, portMap: PortMap): boolean {
  const { port, portName, gateway } = gatewayRoute(name);
  if (match.portName !== '' && match.portName !== portName) return false;
  if (match.gateway !== '' && match.gateway !== gateway) return false;
  if (match.portNumber === 0) return true;
  const servicePorts = portMap.get(port);
  return servicePorts === undefined ? port === match.portNumber : servicePorts.has(match.portNumber);
}

/** routeConfigurationMatch in pilot/pkg/networking/core/envoyfilter/rc_patch.go. */
function meets(patch: Patch, { context, routes, portMap }: Place): boolean {
  if (!inContext(patch, context)) return false;
  const match = patch.route;
  if (match === undefined) return true;
  if (match.name !== '' && match.name !== routes.name) return false;
  if (portMap !== undefined) return gatewayMatch(routes.name, match, portMap);
  return match.portNumber === 0 || match.portNumber === portOfName(routes.name);
}

function hostMatch(host: VirtualHostModel, { route: match }: Patch): boolean {
  const wanted = match?.vhost;
  if (wanted === undefined) return true;
  const named = wanted.name === '' || wanted.name === host.name;
  return named && (wanted.domainName === '' || host.domains.includes(wanted.domainName));
}

function routeMatches(route: RouteModel, { route: match }: Patch): boolean {
  const wanted = match?.vhost?.route;
  if (wanted === undefined) return true;
  if (wanted.name !== '' && wanted.name !== route.name) return false;
  const any = wanted.action === '' || wanted.action === 'ANY' || route.action === 'OTHER';
  return any || wanted.action === route.action;
}

/** Merges the settings of filters; those of a key take the place of what stands there. */
function mergeScope(scope: RouteScope, value: JsonObject, patch: Patch): void {
  for (const [key, override] of overridesOf(value, patch.at)) scope.overrides.set(key, override);
}

const parts: Readonly<Record<string, string>> = {
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
};

function mergeConfig(scope: RouteScope, value: JsonObject, patch: Patch): void {
  const replacesLists = patch.operation === 'MERGE_AND_REPLACE_LIST';
  scope.config = mergeMessage(scope.config, value, { type: parts[patch.applyTo] ?? '', replacesLists });
  mergeScope(scope, value, patch);
}

function members(value: JsonObject, name: string): readonly JsonObject[] {
  return listAt(value, name).filter(isObject);
}

function mergeRoute(route: RouteModel, patch: Patch): void {
  const value = valueOf(patch);
  mergeConfig(route, value, patch);
  if (nameOf(value) !== '') route.name = nameOf(value);
  const action = actionOf(value);
  if (action !== 'OTHER') route.action = action;
}

function mergeHost(host: VirtualHostModel, patch: Patch): void {
  const value = valueOf(patch);
  mergeConfig(host, value, patch);
  if (nameOf(value) !== '') host.name = nameOf(value);
  const replaces = patch.operation === 'MERGE_AND_REPLACE_LIST';
  const [domains, routes] = [stringsAt(value, 'domains'), members(value, 'routes')];
  const added = routes.map((route) => routeOf(route, patch.at));
  host.domains = replaces && domains.length > 0 ? domains : [...host.domains, ...domains];
  host.routes = replaces && added.length > 0 ? added : [...host.routes, ...added];
}

/** False when the route is removed (patchHTTPRoute). */
function patchRoute(host: VirtualHostModel, route: RouteModel, place: Place): boolean {
  for (const patch of place.patchesFor('HTTP_ROUTE')) {
    if (!meets(patch, place) || !hostMatch(host, patch) || !routeMatches(route, patch)) continue;
    if (patch.operation === 'REMOVE') {
      place.applied(patch);
      return false;
    }
    if (!merges(patch)) continue;
    mergeRoute(route, patch);
    place.applied(patch);
  }
  return true;
}

/** Where a route is put; undefined: nowhere (patchHTTPRoutes). */
function routePlace(host: VirtualHostModel, patch: Patch): number | undefined {
  const { operation } = patch;
  if (operation === 'ADD') return host.routes.length;
  if (!operation.startsWith('INSERT')) return undefined;
  if (patch.route?.vhost?.route === undefined) return operation === 'INSERT_AFTER' ? host.routes.length : 0;
  const found = host.routes.findIndex((route) => routeMatches(route, patch));
  if (found < 0) return undefined;
  if (operation === 'INSERT_FIRST') return 0;
  return operation === 'INSERT_AFTER' ? found + 1 : found;
}

function patchRoutes(host: VirtualHostModel, place: Place): void {
  const kept = host.routes.filter((route) => patchRoute(host, route, place));
  const removed = kept.length < host.routes.length;
  host.routes = kept;
  for (const patch of place.patchesFor('HTTP_ROUTE')) {
    if (!meets(patch, place) || !hostMatch(host, patch)) continue;
    const index = routePlace(host, patch);
    if (index === undefined) continue;
    host.routes.splice(index, 0, routeOf(valueOf(patch), patch.at));
    place.applied(patch);
  }
  if (removed) place.routes.changed = true;
}

/** The virtual host after its patches; undefined when one removes it (patchVirtualHost). */
function patchHost(original: VirtualHostModel, place: Place): VirtualHostModel | undefined {
  let host = original;
  for (const patch of place.patchesFor('VIRTUAL_HOST')) {
    if (!meets(patch, place) || !hostMatch(host, patch)) continue;
    if (patch.operation === 'REMOVE') {
      place.applied(patch);
      return undefined;
    }
    if (merges(patch)) mergeHost(host, patch);
    else if (patch.operation === 'REPLACE') host = virtualHostOf(valueOf(patch), patch.at);
    else continue;
    place.applied(patch);
  }
  patchRoutes(host, place);
  return host;
}

function patchHosts(place: Place): void {
  const { routes } = place;
  const gone = new Set<string>();
  routes.virtualHosts = routes.virtualHosts.map((host) => {
    const patched = patchHost(host, place);
    if (patched === undefined) gone.add(host.name);
    return patched ?? host;
  });
  for (const patch of place.patchesFor('VIRTUAL_HOST')) {
    if (patch.operation !== 'ADD' || !meets(patch, place)) continue;
    routes.virtualHosts.push(virtualHostOf(valueOf(patch), patch.at));
    place.applied(patch);
  }
  if (gone.size > 0) routes.virtualHosts = routes.virtualHosts.filter(({ name }) => !gone.has(name));
}

/**
 * Applies the patches of routes to a route configuration in place: merges of it, its virtual hosts and their routes,
 * then what is added; the panic that ended it early, if one did (ApplyRouteConfigurationPatches in
 * pilot/pkg/networking/core/envoyfilter/rc_patch.go).
 */
export function patchRouteConfig(
  routes: RouteConfigModel,
  patching: Patching,
  portMap: PortMap | undefined,
): PatchPanic | undefined {
  const place: Place = { ...patching, routes, portMap };
  try {
    for (const patch of patching.patchesFor('ROUTE_CONFIGURATION')) {
      if (!merges(patch) || !meets(patch, place)) continue;
      const value = valueOf(patch);
      mergeConfig(routes, value, patch);
      const hosts = members(value, 'virtual_hosts').map((host) => virtualHostOf(host, patch.at));
      routes.virtualHosts.push(...hosts);
      if (nameOf(value) !== '') routes.name = nameOf(value);
      patching.applied(patch);
    }
    patchHosts(place);
    return undefined;
  } catch (error) {
    if (error instanceof PatchPanic) return error;
    throw error;
  }
}
