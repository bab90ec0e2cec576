import type { FieldRef } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { Decision } from '#policy/decision.js';
import { isReachable } from './choose-filter-chain.js';
import type { Cluster } from './cluster.js';
import type { Exposure } from './exposure.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';
import type { GatewayListeners } from './gateway-listeners.js';
import type { HttpRoute, PathMatch, VirtualHost } from './http-route.js';
import { servesQuic } from './quic-servers.js';
import { isOpen } from './service-exposures.js';

/** A place where traffic goes to, and under what condition. */
interface Target {
  readonly cluster: Cluster;
  readonly host: string;
  readonly path: string | undefined;
  readonly at: FieldRef;
}

/** What of the paths a match lets through, for people; undefined: every path. */
export function pathText({ kind, value }: PathMatch): string | undefined {
  if (kind === 'exact') return value;
  if (kind === 'regex') return value === '.*' ? undefined : `~ ${value}`;
  return value === '/' ? undefined : `${value}…`;
}

function routeTargets({ domain }: VirtualHost, route: HttpRoute): readonly Target[] {
  if (route.action.kind !== 'forward') return [];
  return route.action.clusters.map((cluster) => ({
    cluster,
    host: domain,
    path: pathText(route.path),
    at: route.at,
  }));
}

/** Where a chain sends traffic; plaintext that is sent to https only goes nowhere. */
function targetsOf(chain: FilterChain): readonly Target[] {
  const { application, serverNames, tls } = chain;
  if (application.kind === 'http') {
    const serving = application.virtualHosts.filter(({ requiresTls }) => tls !== undefined || !requiresTls);
    return serving.flatMap((host) => host.routes.flatMap((route) => routeTargets(host, route)));
  }
  const hosts = serverNames.length === 0 ? ['*'] : serverNames;
  return application.clusters.flatMap((cluster) =>
    hosts.map((host) => ({ cluster, host, path: undefined, at: application.rule ?? cluster.at })),
  );
}

/** The workloads behind a cluster; a subset is taken for the whole service. */
export function workloadsBehind(mesh: Mesh, { service }: Cluster): readonly Workload[] {
  if (service === undefined) return [];
  if (service.service !== undefined) return mesh.workloadsOf(service.service);
  const selector = objectAt(service.resource.object, 'spec', 'workloadSelector');
  if (selector === undefined) return [];
  return mesh.workloadsMatching(service.namespace, stringMap(objectAt(selector, 'labels')));
}

/** True when all that leads to a gateway's pods stays within the cluster; without any Service nothing is known. */
function isClusterOnly(mesh: Mesh, gateway: Workload): boolean {
  const services = mesh.servicesOf(gateway);
  return services.length > 0 && !services.some(isOpen) && !gateway.hostNetwork;
}

function exposure(
  given: {
    readonly mesh: Mesh;
    readonly gateway: Workload;
    readonly port: number;
    readonly clusterOnly: boolean;
  },
  chain: FilterChain,
  { host, path, at }: Target,
): Exposure {
  const { tls, mode, servers } = chain;
  return {
    by: 'gateway',
    gateway: given.gateway,
    port: given.port,
    host,
    path,
    tls: mode,
    clientCertificate: servesQuic(given.mesh, given.gateway, chain)
      ? 'ignored'
      : (tls?.clientCertificate ?? 'ignored'),
    at,
    server: servers[0]?.server.at,
    clusterOnly: given.clusterOnly,
    blocked: tls?.credentials.find(({ delivered }) => !delivered)?.reason,
  };
}

/** True for listeners that the proxy takes and some connection reaches. */
export function serves(listener: GatewayListener): boolean {
  return listener.rejected === undefined && isReachable(listener);
}

/** Ways through one gateway, with the workloads that they end at. */
function throughGateway(
  mesh: Mesh,
  gateway: Workload,
  listeners: readonly GatewayListener[],
): readonly (readonly [Workload, Exposure])[] {
  const clusterOnly = isClusterOnly(mesh, gateway);
  return listeners.flatMap(({ port, chains }) =>
    chains.flatMap((chain) =>
      targetsOf(chain).flatMap((target) => {
        const found = exposure({ mesh, gateway, port, clusterOnly }, chain, target);
        return workloadsBehind(mesh, target.cluster).map((workload) => [workload, found] as const);
      }),
    ),
  );
}

/** Every way through the gateways of a mesh, by the workload that it ends at. */
export function gatewayExposures(
  mesh: Mesh,
  listenersOf: (workload: Workload) => Decision<GatewayListeners>,
): ReadonlyMap<Workload, readonly Exposure[]> {
  const index = new Map<Workload, Exposure[]>();
  for (const gateway of mesh.workloads) {
    const decision = listenersOf(gateway);
    const listeners = decision.known ? decision.value.listeners.filter(serves) : [];
    for (const [workload, found] of throughGateway(mesh, gateway, listeners))
      getOrMake(index, workload, () => []).push(found);
  }
  return index;
}
