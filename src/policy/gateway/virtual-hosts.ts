import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { FieldRef } from '#documents/document.js';
import type { ClusterOf } from './cluster.js';
import { buildHttpRoutes } from './build-http-routes.js';
import { intersection, namesFor } from './host-name.js';
import { isCatchAll } from './http-route.js';
import type { HttpRoute, VirtualHost } from './http-route.js';
import type { MergedServer } from './merge-servers.js';
import { routesOfGateway } from './routes-of-gateway.js';

interface Growing {
  readonly routes: HttpRoute[];
  readonly servers: FieldRef[];
  requiresTls: boolean;
}

/** Catch-all routes go to the end (SortVHostRoutes in pilot/pkg/networking/core/route/route.go). */
function inOrder(routes: readonly HttpRoute[]): readonly HttpRoute[] {
  return [...routes.filter((route) => !isCatchAll(route)), ...routes.filter(isCatchAll)];
}

/** What virtual hosts are built from. */
export interface RouteConfiguration {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly clusterOf: ClusterOf;
  readonly servers: readonly MergedServer[];
}

function addRoutes(
  hosts: Map<string, Growing>,
  { server }: MergedServer,
  found: { readonly names: readonly string[]; readonly routes: readonly HttpRoute[] },
): void {
  for (const name of found.names) {
    const host = getOrMake(hosts, name.toLowerCase(), () => ({
      routes: [],
      servers: [],
      requiresTls: false,
    }));
    host.routes.push(...found.routes);
    host.servers.push(server.at);
    if (server.tls?.httpsRedirect === true) host.requiresTls = true;
  }
}

/**
 * The virtual hosts of HTTP servers that share their routes: the names that server and routes have in common, with the
 * routes of all objects for a name together. A server that redirects to https does so for all of its names
 * (buildGatewayHTTPRouteConfig in pilot/pkg/networking/core/gateway.go).
 */
export function virtualHosts(configuration: RouteConfiguration): readonly VirtualHost[] {
  const { mesh, workload, clusterOf, servers } = configuration;
  const hosts = new Map<string, Growing>();
  // Routes are built once a gateway, for the port of its first server.
  const built = new Map<string, readonly HttpRoute[]>();
  for (const merged of servers) {
    const { config, server } = merged;
    for (const bound of routesOfGateway(mesh, config.id, workload.namespace)) {
      const names = intersection(namesFor(bound.namespace, server.hosts), bound.hosts);
      if (names.length === 0) continue;
      const key = `${config.id} ${bound.name}/${bound.namespace}`;
      const context = { workload, gateway: config.id, port: server.port, clusterOf };
      const routes = built.get(key) ?? buildHttpRoutes(bound, context);
      if (routes.length === 0) continue;
      built.set(key, routes);
      addRoutes(hosts, merged, { names, routes });
    }
    if (server.tls?.httpsRedirect === true) addRoutes(hosts, merged, { names: server.hosts, routes: [] });
  }
  return [...hosts].map(([domain, { routes, servers: at, requiresTls }]) => ({
    domain,
    routes: inOrder(routes),
    requiresTls,
    servers: [...new Set(at)],
  }));
}
