import type { FieldRef, Resource } from '#documents/document.js';
import { stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { BoundRoutes } from './bound-routes.js';
import { perMesh } from './per-mesh.js';
import { virtualServices } from './virtual-services.js';

/** A host of a gateway that VirtualServices of several namespaces route. */
export interface SharedHost {
  readonly host: string;
  readonly gateway: string;
  /** The VirtualServices of other namespaces. */
  readonly others: readonly Resource[];
  readonly at: FieldRef;
}

function hostField({ resource, hosts }: BoundRoutes, host: string): FieldRef {
  const written = stringsAt(resource.object, 'spec', 'hosts');
  const index = hosts.indexOf(host);
  return {
    resource,
    path: index < 0 || index >= written.length ? ['spec', 'hosts'] : ['spec', 'hosts', index],
  };
}

const sharedByResource = perMesh((mesh: Mesh): ReadonlyMap<Resource, readonly SharedHost[]> => {
  const byHost = new Map<string, { host: string; gateway: string; routes: BoundRoutes[] }>();
  for (const routes of virtualServices(mesh)) {
    for (const gateway of routes.gateways.filter((name) => name !== 'mesh')) {
      for (const host of routes.hosts.filter((name) => name !== '*'))
        getOrMake(byHost, `${gateway} ${host}`, () => ({ host, gateway, routes: [] })).routes.push(routes);
    }
  }
  const shared = new Map<Resource, SharedHost[]>();
  for (const { host, gateway, routes } of byHost.values()) {
    const [first] = routes;
    const strangers = routes.filter(({ namespace }) => namespace !== first?.namespace);
    for (const stranger of strangers) {
      const others = routes.filter(({ namespace }) => namespace !== stranger.namespace);
      getOrMake(shared, stranger.resource, () => []).push({
        host,
        gateway,
        others: others.map(({ resource }) => resource),
        at: hostField(stranger, host),
      });
    }
  }
  return shared;
});

/** The hosts that a VirtualService shares, at one gateway, with older ones of other namespaces. */
export function sharedHosts(mesh: Mesh, virtualService: Resource): readonly SharedHost[] {
  return sharedByResource(mesh).get(virtualService) ?? [];
}
