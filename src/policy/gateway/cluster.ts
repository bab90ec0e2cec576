import type { FieldRef } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { declaredSubsets } from './declared-subsets.js';
import { servicesVisibleTo } from './reachable-services.js';
import type { KnownService } from './reachable-services.js';
import type { RouteDestination } from './route.js';

/** Where traffic goes: a service port, and whether the gateway knows it. */
export interface Cluster {
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  readonly weight: number;
  /** The service, when there is a cluster for it; without one nothing is reached. */
  readonly service: KnownService | undefined;
  readonly at: FieldRef;
}

/** Makes clusters of the destinations of a route of a namespace, written for a server's port. */
export type ClusterOf = (
  destination: RouteDestination,
  route: { readonly namespace: string; readonly port: number },
) => Cluster;

/** One port alone needs no mention; an alias stands for its target (GetDestinationCluster in pilot/pkg/networking/core/route/route.go). */
export function clustersFor(mesh: Mesh, workload: Workload): ClusterOf {
  const view = servicesVisibleTo(mesh, workload.namespace);
  return (destination, { namespace, port: listenerPort }) => {
    const named = view.findFor(destination.host, namespace);
    const host = named?.alias ?? destination.host;
    const [only, ...others] = named?.ports ?? [];
    const port = destination.port ?? (others.length === 0 ? only : undefined) ?? listenerPort;
    const target = view.find(host);
    const { subset } = destination;
    const exists =
      target !== undefined &&
      target.alias === undefined &&
      target.ports.includes(port) &&
      (subset === '' || declaredSubsets(mesh, workload, target).has(subset));
    return {
      host,
      port,
      subset,
      weight: destination.weight,
      service: exists ? target : undefined,
      at: destination.at,
    };
  };
}
