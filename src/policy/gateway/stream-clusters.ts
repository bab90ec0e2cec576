import type { FieldRef } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { BoundRoutes } from './bound-routes.js';
import type { Cluster, ClusterOf } from './cluster.js';
import { overlaps, splitNamespace } from './host-name.js';
import type { MergedServer } from './merge-servers.js';
import { passesThrough } from './server.js';
import { routesOfGateway } from './routes-of-gateway.js';
import type { StreamMatch, StreamRule } from './route.js';

/** A server at a pod, with what its destinations are made by. */
export interface StreamContext {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly clusterOf: ClusterOf;
  readonly merged: MergedServer;
}

/** Where connections of a rule go. */
export interface StreamRoute {
  readonly rule: FieldRef;
  readonly clusters: readonly Cluster[];
  readonly sniHosts: readonly string[];
}

/** pickMatchingGatewayHosts in pilot/pkg/networking/core/gateway.go. */
function fits({ server }: MergedServer, { namespace, hosts }: BoundRoutes): boolean {
  return server.hosts
    .map(splitNamespace)
    .some(
      (host) =>
        (host.namespace === '*' || host.namespace === namespace) &&
        hosts.some((name) => overlaps(host.name, name)),
    );
}

/** l4SingleMatch: only port and gateway count. */
function isMeant({ server, config }: MergedServer, { port, gateways }: StreamMatch): boolean {
  return (port === 0 || port === server.port) && (gateways.length === 0 || gateways.includes(config.id));
}

function boundTo({ mesh, workload, merged }: StreamContext): readonly BoundRoutes[] {
  const all = routesOfGateway(mesh, merged.config.id, workload.namespace);
  return all.filter((routes) => fits(merged, routes));
}

function routeOf(
  { clusterOf, merged }: StreamContext,
  rule: StreamRule,
  sniHosts: readonly string[],
): StreamRoute {
  // Services are looked up as the pod's namespace sees them here, whatever the route's own.
  const place = { namespace: '', port: merged.server.port };
  const clusters = rule.destinations.map((destination) => clusterOf(destination, place));
  const counting = clusters.length === 1 ? clusters : clusters.filter(({ weight }) => weight > 0);
  return { rule: rule.at, clusters: counting, sniHosts };
}

/**
 * The rule that takes the bytes of a TCP server, or of TLS that ends at the gateway: the first `tcp` rule for the port and
 * the gateway (buildGatewayNetworkFiltersFromTCPRoutes in pilot/pkg/networking/core/gateway.go).
 */
export function tcpRoute(context: StreamContext): StreamRoute | undefined {
  const { merged } = context;
  for (const routes of boundTo(context)) {
    const tcp = routes.tcp.find(
      ({ matches, destinations }) =>
        destinations.length > 0 && (matches.length === 0 || matches.some((match) => isMeant(merged, match))),
    );
    if (tcp !== undefined) return routeOf(context, tcp, []);
    const tls =
      routes.fromTlsRoute && !passesThrough(merged.server)
        ? routes.tls.find(({ matches }) => matches.some((match) => isMeant(merged, match)))
        : undefined;
    if (tls !== undefined) return routeOf(context, tls, []);
  }
  return undefined;
}

/** The rules of a server that passes TLS on, one entry a match (buildGatewayNetworkFiltersFromTLSRoutes). */
export function tlsRoutes(context: StreamContext): readonly StreamRoute[] {
  return boundTo(context)
    .flatMap(({ tls }) => tls)
    .filter(({ destinations }) => destinations.length > 0)
    .flatMap((rule) =>
      rule.matches
        .filter((match) => isMeant(context.merged, match))
        .map(({ sniHosts }) => routeOf(context, rule, sniHosts)),
    );
}
