import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { writtenProxy } from '#policy/proxy-container.js';
import { controlPlanes } from '#policy/installation/control-planes.js';
import type { Grant } from './grants.js';
import type { Power } from './power.js';

const kept = new WeakMap<Mesh, ReadonlySet<string>>();

/** Namespaces where the keys of the mesh lie: of the control planes, the root namespace, and those of gateways. */
export function keyNamespaces(mesh: Mesh): ReadonlySet<string> {
  return getOrMake(kept, mesh, () => {
    const gateways = mesh.workloads.filter(
      ({ labels, containers }) =>
        writtenProxy(containers)?.role === 'router' ||
        labels['istio'] === 'ingressgateway' ||
        labels['istio'] === 'egressgateway',
    );
    return new Set([
      mesh.settings.rootNamespace,
      ...controlPlanes(mesh).map(({ namespace }) => namespace),
      ...gateways.map(({ namespace }) => namespace),
    ]);
  });
}

/** Powers that only mean something for a mesh in the whole cluster. */
const clusterWide: ReadonlySet<Power> = new Set(['webhooks', 'namespaces']);

/** Powers over the keys and pods of a namespace, which matter where those of the mesh are. */
const overKeys: ReadonlySet<Power> = new Set(['secrets', 'tokens', 'impersonation', 'exec']);

/** True for a grant that reaches the mesh: its policies anywhere, its keys where they lie. */
export function reachesMesh(mesh: Mesh, { power, namespace }: Grant): boolean {
  if (namespace === '*') return true;
  if (clusterWide.has(power)) return false;
  return !overKeys.has(power) || keyNamespaces(mesh).has(namespace);
}
