import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { apiListeners } from '#policy/gateway/api-gateways.js';
import { isGranted } from '#policy/gateway/reference-grants.js';
import { routeParents } from '#policy/gateway/route-parents.js';
import type { Mesh } from '#mesh/mesh.js';

const group = 'gateway.networking.k8s.io';

/** A Gateway that a route asks to be attached to, and gets no listener of. */
export interface LostParent {
  readonly name: string;
  /** `missing`: it is not in the input; `refused`: none of its listeners takes the route; `labels`: labels of the namespace decide. */
  readonly why: 'missing' | 'refused' | 'labels';
  readonly at: FieldRef;
}

function asksForLabels({ resource, path }: FieldRef): boolean {
  return stringAt(resource.object, ...path, 'allowedRoutes', 'namespaces', 'from') === 'Selector';
}

/** Parents of a route that do not take it, where none does; Gateways that Istio does not serve are left out. */
export function lostParents(mesh: Mesh, route: Resource): readonly LostParent[] {
  if (routeParents(mesh, route).length > 0) return [];
  const own = mesh.namespaceOf(route);
  return listAt(route.object, 'spec', 'parentRefs').flatMap((ref, index): readonly LostParent[] => {
    const isGateway =
      (stringAt(ref, 'kind') ?? 'Gateway') === 'Gateway' && (stringAt(ref, 'group') ?? group) === group;
    if (!isGateway) return [];
    const namespace = stringAt(ref, 'namespace') ?? own;
    const name = stringAt(ref, 'name') ?? '';
    const at = { resource: route, path: ['spec', 'parentRefs', index] };
    const id = `${namespace}/${name}`;
    if (mesh.find(group, 'Gateway', namespace, name) === undefined) return [{ name: id, why: 'missing', at }];
    const served = apiListeners(mesh).filter(
      ({ owner }) => owner.namespace === namespace && owner.name === name,
    );
    if (served.length === 0) return [];
    const byLabels = served.some(({ config }) =>
      config.servers.some(({ at: place }) => asksForLabels(place)),
    );
    const isDecided = mesh.scope === 'complete' || mesh.namespaces.get(own)?.resource !== undefined;
    return [{ name: id, why: byLabels && !isDecided ? 'labels' : 'refused', at }];
  });
}

/** A backend in another namespace that no ReferenceGrant admits. */
export interface UngrantedBackend {
  readonly name: string;
  readonly namespace: string;
  readonly at: FieldRef;
}

/** Backends of a route to which its namespace has no grant: requests for them are answered with an error. */
export function ungrantedBackends(mesh: Mesh, route: Resource): readonly UngrantedBackend[] {
  const own = mesh.namespaceOf(route);
  return listAt(route.object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'backendRefs').flatMap((ref, number): readonly UngrantedBackend[] => {
      const namespace = stringAt(ref, 'namespace') ?? own;
      if (namespace === own) return [];
      const to = {
        group: stringAt(ref, 'group') ?? '',
        kind: stringAt(ref, 'kind') ?? 'Service',
        namespace,
        name: stringAt(ref, 'name') ?? '',
      };
      if (isGranted(mesh, { from: { kind: route.kind, namespace: own }, to })) return [];
      const path = ['spec', 'rules', index, 'backendRefs', number];
      return [{ name: to.name, namespace, at: { resource: route, path } }];
    }),
  );
}
