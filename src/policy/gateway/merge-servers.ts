import type { Mesh, Workload } from '#mesh/mesh.js';
import { getOrMake } from '#mesh/lazy.js';
import { isHttp, isHttpServer, isTlsServer, passesThrough } from './server.js';
import type { GatewayConfig, Server } from './server.js';
import { resolvePorts, servedGateways } from './served-gateways.js';

/** A server in its place among the others of a pod. */
export interface MergedServer {
  readonly config: GatewayConfig;
  readonly server: Server;
  /** Route configuration of HTTP servers; HTTP servers of a port share one. */
  readonly routeName: string;
}

/** Servers of one port, protocol and address, in the order of their filter chains. */
export interface ServerGroup {
  readonly port: number;
  readonly protocol: Server['protocol'];
  readonly bind: string;
  readonly routeName: string;
  readonly servers: MergedServer[];
}

/** A server that took no part, and why. */
export interface SkippedServer {
  readonly config: GatewayConfig;
  readonly server: Server;
  /** The pod's port that it would have been served on. */
  readonly port: number;
  readonly reason: string;
}

/** All servers of a pod, merged. */
export interface MergedServers {
  readonly groups: readonly ServerGroup[];
  /** HTTP and terminated HTTPS servers by route configuration. */
  readonly byRoute: ReadonlyMap<string, readonly MergedServer[]>;
  readonly skipped: readonly SkippedServer[];
}

interface Merging {
  readonly groups: ServerGroup[];
  readonly byRoute: Map<string, MergedServer[]>;
  readonly skipped: SkippedServer[];
  /** The first plaintext group of each port. */
  readonly plaintext: Map<number, ServerGroup>;
  readonly taken: Set<number>;
  /** Host names of servers with a tls block, by port. */
  readonly tlsHosts: Map<number, Map<string, string>>;
}

/** gatewayRDSRouteName in pilot/pkg/model/gateway.go. */
function routeNameOf({ name, namespace }: GatewayConfig, server: Server, podPort: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(server.protocol)) return `http.${podPort}${bind}`;
  if (server.protocol !== 'HTTPS' || passesThrough(server)) return '';
  return `https.${server.port}.${server.portName}.${name}.${namespace}${bind}`;
}

/** Takes all host names for an address unless one is taken already (CheckDuplicates in pilot/pkg/model/gateway.go). */
export function takeHosts(known: Map<string, string>, hosts: readonly string[], bind: string): boolean {
  if (hosts.some((host) => known.get(host) === bind)) return false;
  for (const host of hosts) known.set(host, bind);
  return true;
}

function sameGroup(a: ServerGroup, b: Pick<ServerGroup, 'port' | 'protocol' | 'bind'>): boolean {
  return a.port === b.port && a.protocol === b.protocol && a.bind === b.bind;
}

/** Opens a group; a later one of the same key takes its place, as in the map that it is in istiod. */
function open(merging: Merging, group: ServerGroup): void {
  const index = merging.groups.findIndex((each) => sameGroup(each, group));
  if (index < 0) merging.groups.push(group);
  else merging.groups[index] = group;
}

function addFirst(merging: Merging, merged: MergedServer, group: ServerGroup): void {
  if (!isTlsServer(merged.server)) merging.plaintext.set(group.port, group);
  if (isHttpServer(merged.server)) merging.byRoute.set(merged.routeName, [merged]);
  open(merging, group);
}

/** canMergeProtocols in pilot/pkg/model/gateway.go. */
function canShare(later: Server['protocol'], first: Server['protocol']): boolean {
  return isHttp(first) && (isHttp(later) || later === first);
}

/** A server on a port that a plaintext server opened; says why not. */
function joinPlaintext(
  merging: Merging,
  merged: MergedServer,
  group: ServerGroup,
  first: ServerGroup,
): string | undefined {
  const sameBind = first.bind === group.bind;
  if (sameBind && !canShare(group.protocol, first.protocol))
    return `conflicts with protocol ${first.protocol} of an older server of port ${group.port}`;
  if (sameBind && merged.routeName === '') return `port ${group.port} is taken by an older server`;
  const routes = getOrMake(merging.byRoute, merged.routeName, () => []);
  if (sameBind) {
    merging.groups.find((each) => sameGroup(each, first))?.servers.push(merged);
    routes.push(merged);
    return undefined;
  }
  const existing = merging.groups.find((each) => sameGroup(each, group));
  if (existing === undefined) {
    addFirst(merging, merged, group);
    return undefined;
  }
  existing.servers.push(merged);
  routes.push(merged);
  return undefined;
}

/** A server on a port that a TLS server opened; says why not. */
function joinTls(merging: Merging, merged: MergedServer, group: ServerGroup): string | undefined {
  const { server, routeName } = merged;
  if (!isTlsServer(server)) {
    addFirst(merging, merged, group);
    return undefined;
  }
  if (isHttpServer(server)) {
    if (merging.byRoute.has(routeName)) return 'another HTTPS server of the gateway has the same port name';
    merging.byRoute.set(routeName, [merged]);
  }
  const existing = merging.groups.find((each) => sameGroup(each, group));
  if (existing === undefined) merging.groups.push(group);
  else existing.servers.push(merged);
  return undefined;
}

function join(merging: Merging, merged: MergedServer, port: number): string | undefined {
  const { server, routeName } = merged;
  const { protocol, bind, tls, hosts } = server;
  if (tls !== undefined) {
    const known = getOrMake(merging.tlsHosts, port, () => new Map<string, string>());
    if (!takeHosts(known, hosts, bind)) return 'an older server has one of its host names';
  }
  const group: ServerGroup = { port, protocol, bind, routeName, servers: [merged] };
  if (!merging.taken.has(port)) {
    merging.taken.add(port);
    addFirst(merging, merged, group);
    return undefined;
  }
  const first = merging.plaintext.get(port);
  return first === undefined ? joinTls(merging, merged, group) : joinPlaintext(merging, merged, group, first);
}

/**
 * The servers of all gateways that a router serves, by the pod's port: HTTP servers of a port share their routes, TLS
 * servers stand beside each other, what conflicts with an older server is left out (mergeGateways in
 * pilot/pkg/model/gateway.go; QUIC is left aside).
 */
export function mergeServers(mesh: Mesh, workload: Workload): MergedServers {
  const merging: Merging = {
    groups: [],
    byRoute: new Map(),
    skipped: [],
    plaintext: new Map(),
    taken: new Set(),
    tlsHosts: new Map(),
  };
  const servers = servedGateways(mesh, workload).flatMap((config) =>
    config.servers.map((server) => ({ config, server })),
  );
  for (const { config, server } of servers) {
    for (const port of resolvePorts(mesh, workload, { config, port: server.port })) {
      const reason = join(merging, { config, server, routeName: routeNameOf(config, server, port) }, port);
      if (reason !== undefined) merging.skipped.push({ config, server, port, reason });
    }
  }
  const { groups, byRoute, skipped } = merging;
  return { groups, byRoute, skipped };
}
