import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Cluster } from '#policy/gateway/cluster.js';
import type { FilterChain } from '#policy/gateway/filter-chain.js';
import { pathText, serves, workloadsBehind } from '#policy/gateway/gateway-exposures.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import type { HttpRoute, VirtualHost } from '#policy/gateway/http-route.js';
import { splitNamespace } from '#policy/gateway/host-name.js';
import { mayBeHttp } from './http-ports.js';

/** A host and path that a gateway's pods take requests for, and what answers them. */
export interface GatewayWay {
  readonly gateway: Workload;
  /** The pod's port. */
  readonly port: number;
  /** Server or listener that publishes the host. */
  readonly server: FieldRef;
  readonly chain: FilterChain;
  readonly host: string;
  readonly path: string | undefined;
  /** Routes of the virtual host with that path: several where they differ by header or method. Empty: not HTTP here. */
  readonly routes: readonly HttpRoute[];
  readonly workloads: readonly Workload[];
}

interface Listening {
  readonly mesh: Mesh;
  readonly gateway: Workload;
  readonly port: number;
  readonly chain: FilterChain;
}

/** What may be inside of what a gateway passes on: without TLS the Service must say that it is HTTP. */
function carriesHttp({ mode }: FilterChain, { service, port }: Cluster): boolean {
  const target = service?.service?.ports.find(({ number }) => number === port);
  if (target === undefined) return mode !== 'PLAINTEXT';
  return mayBeHttp(target.protocol) && (mode !== 'PLAINTEXT' || target.protocol !== 'auto');
}

/** True for destinations that clients can get an answer from: in a complete scope one that is known. */
function isAnswered(mesh: Mesh, { service }: Cluster): boolean {
  return service === undefined ? mesh.scope === 'partial' : !service.external;
}

function workloadsOf(mesh: Mesh, clusters: readonly Cluster[]): readonly Workload[] {
  return [...new Set(clusters.flatMap((cluster) => workloadsBehind(mesh, cluster)))];
}

function clustersOf({ action }: HttpRoute): readonly Cluster[] {
  return action.kind === 'forward' ? action.clusters : [];
}

function hostWays(listening: Listening, host: VirtualHost): readonly GatewayWay[] {
  const { mesh, gateway, port, chain } = listening;
  const server = host.servers[0] ?? chain.servers[0]?.server.at;
  const byPath = new Map<string | undefined, HttpRoute[]>();
  for (const route of host.routes) {
    if (clustersOf(route).some((cluster) => isAnswered(mesh, cluster)))
      getOrMake(byPath, pathText(route.path), () => []).push(route);
  }
  if (server === undefined) return [];
  return [...byPath].map(([path, routes]) => {
    const workloads = workloadsOf(mesh, routes.flatMap(clustersOf));
    return { gateway, port, server, chain, host: host.domain, path, routes, workloads };
  });
}

/** Names of the servers of a chain whose routes lie elsewhere. */
function bareWays({ mesh, gateway, port, chain }: Listening): readonly GatewayWay[] {
  if (mesh.scope === 'complete') return [];
  return chain.servers
    .filter(({ server }) => server.tls?.httpsRedirect !== true)
    .flatMap(({ server }) =>
      [...new Set(server.hosts.map((host) => splitNamespace(host).name))].map((host) => ({
        gateway,
        port,
        server: server.at,
        chain,
        host,
        path: undefined,
        routes: [],
        workloads: [],
      })),
    );
}

function httpWays(listening: Listening, hosts: readonly VirtualHost[]): readonly GatewayWay[] {
  const { chain } = listening;
  if (hosts.every(({ routes }) => routes.length === 0)) return bareWays(listening);
  const serving = hosts.filter(({ requiresTls }) => chain.tls !== undefined || !requiresTls);
  return serving.flatMap((host) => hostWays(listening, host));
}

function streamWays(listening: Listening, clusters: readonly Cluster[]): readonly GatewayWay[] {
  const { mesh, gateway, port, chain } = listening;
  const server = chain.servers[0]?.server.at;
  const carrying = clusters.filter((cluster) => isAnswered(mesh, cluster) && carriesHttp(chain, cluster));
  if (server === undefined || carrying.length === 0) return [];
  const workloads = workloadsOf(mesh, carrying);
  const hosts = chain.serverNames.length === 0 ? ['*'] : chain.serverNames;
  return hosts.map((host) => ({
    gateway,
    port,
    server,
    chain,
    host,
    path: undefined,
    routes: [],
    workloads,
  }));
}

/** Clients of these servers are proxies of the mesh: egress gateways, and gateways between clusters. */
const insideModes: ReadonlySet<FilterChain['mode']> = new Set(['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH']);

function chainWays(listening: Listening): readonly GatewayWay[] {
  const { application, mode } = listening.chain;
  if (insideModes.has(mode)) return [];
  return application.kind === 'http'
    ? httpWays(listening, application.virtualHosts)
    : streamWays(listening, application.clusters);
}

/**
 * The hosts and paths that pods of a gateway take requests for: what is only redirected or answered by the gateway
 * itself is left out, and what can not be HTTP.
 */
export function gatewayWays(mesh: Mesh, { workload, listeners }: GatewayPods): readonly GatewayWay[] {
  const served = listeners.known ? listeners.value.listeners.filter(serves) : [];
  return served.flatMap(({ port, chains }) =>
    chains.flatMap((chain) => chainWays({ mesh, gateway: workload, port, chain })),
  );
}
