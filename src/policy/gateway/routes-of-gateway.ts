import { getOrMake } from '#mesh/lazy.js';
import { sortByAge } from '#mesh/creation-order.js';
import type { Mesh } from '#mesh/mesh.js';
import { apiHttpRoutes } from './api-http-routes.js';
import { apiStreamRoutes } from './api-stream-routes.js';
import type { BoundRoutes } from './bound-routes.js';
import { perMesh } from './per-mesh.js';
import { virtualServices } from './virtual-services.js';

/** Routes by gateway, oldest first (sortMergedVirtualServicesByCreationTime). */
const routesByGateway = perMesh((mesh: Mesh): ReadonlyMap<string, readonly BoundRoutes[]> => {
  const all = sortByAge(
    [...virtualServices(mesh), ...apiHttpRoutes(mesh), ...apiStreamRoutes(mesh)],
    ({ resource }) => resource,
    ({ name, namespace }) => [name, namespace],
  );
  const index = new Map<string, BoundRoutes[]>();
  for (const routes of all) {
    for (const gateway of new Set(routes.gateways)) getOrMake(index, gateway, () => []).push(routes);
  }
  return index;
});

/**
 * The routes that a gateway pod of a namespace uses for a gateway: those exported to its namespace only, those of other
 * namespaces exported to it, then the public ones, routes of the Gateway API in its own namespace first
 * (VirtualServicesForGateway in pilot/pkg/model/push_context.go).
 */
export function routesOfGateway(mesh: Mesh, gateway: string, podNamespace: string): readonly BoundRoutes[] {
  const bound = routesByGateway(mesh).get(gateway) ?? [];
  const isPublic = ({ exportTo }: BoundRoutes): boolean => exportTo.has('*');
  const exported = bound.filter(
    (routes) => !isPublic(routes) && !routes.exportTo.has('~') && routes.exportTo.has(podNamespace),
  );
  const isOwn = ({ namespace }: BoundRoutes): boolean => namespace === podNamespace;
  const comesFirst = (routes: BoundRoutes): boolean => routes.semantics === 'gateway-api' && isOwn(routes);
  const open = bound.filter(isPublic);
  return [
    ...exported.filter(isOwn),
    ...exported.filter((routes) => !isOwn(routes)),
    ...open.filter(comesFirst),
    ...open.filter((routes) => !comesFirst(routes)),
  ];
}
