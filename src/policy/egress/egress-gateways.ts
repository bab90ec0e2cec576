import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** A rule by which sidecars send traffic for a host to a gateway on its way out. */
export interface EgressRoute {
  readonly gateway: string;
  readonly at: FieldRef;
}

/** The rule of a VirtualService that sends the mesh's own traffic to a gateway which the object is bound to as well. */
export function egressRoute(virtualService: Resource): EgressRoute | undefined {
  const { object } = virtualService;
  const gateways = stringsAt(object, 'spec', 'gateways');
  const gateway = gateways.find((name) => name !== 'mesh');
  if (!gateways.includes('mesh') || gateway === undefined) return undefined;
  const hosts = stringsAt(object, 'spec', 'hosts');
  for (const list of ['http', 'tls', 'tcp'] as const) {
    const index = listAt(object, 'spec', list).findIndex((rule) => {
      const forMesh = listAt(rule, 'match').some((match) => stringsAt(match, 'gateways').includes('mesh'));
      const target = listAt(rule, 'route').map((route) => stringAt(route, 'destination', 'host') ?? '');
      return forMesh && target.some((host) => host !== '' && !hosts.includes(host));
    });
    if (index >= 0) return { gateway, at: { resource: virtualService, path: ['spec', list, index] } };
  }
  return undefined;
}

/** True when some NetworkPolicy of a namespace limits where its pods may connect to. */
export function limitsEgress(mesh: Mesh, namespace: string): boolean {
  return mesh
    .inNamespace('networking.k8s.io', 'NetworkPolicy', namespace)
    .some(
      ({ object }) =>
        stringsAt(object, 'spec', 'policyTypes').includes('Egress') ||
        listAt(object, 'spec', 'egress').length > 0,
    );
}
