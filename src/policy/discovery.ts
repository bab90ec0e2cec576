import { isObject, listAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { istiodFlag } from './istiod-flag.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';
import { matchesLabelSelector } from './label-selector.js';
import { namespaceLabels } from './namespace-labels.js';

/** Whether istiod sees the objects of a namespace. */
export type Discovery = 'visible' | 'hidden' | 'unknown';

function decide(mesh: Mesh, namespace: string): Discovery {
  const selectors = listAt(mesh.settings.config, 'discoverySelectors');
  if (selectors.length === 0 || namespace === '') return 'visible';
  const readable = selectors.map((one) => (isObject(one) ? matchesLabelSelector(one, {}) : undefined));
  // One that cannot be read leaves all of them out of force.
  if (readable.includes(undefined)) return 'visible';
  const labels = namespaceLabels(mesh, namespace);
  if (!labels.known) return 'unknown';
  const selected = selectors.some(
    (one) => isObject(one) && matchesLabelSelector(one, labels.labels) === true,
  );
  return selected ? 'visible' : 'hidden';
}

const answers = new WeakMap<Mesh, Map<string, Discovery>>();

/**
 * Whether istiod sees Services and pods of a namespace: it does when one of MeshConfig's discoverySelectors matches the
 * namespace's labels, or when there are none; the root namespace is no exception (Filter and selectorsChanged in
 * pkg/kube/namespace/filter.go).
 */
export function discoveryOf(mesh: Mesh, namespace: string): Discovery {
  const kept = getOrMake(answers, mesh, () => new Map<string, Discovery>());
  return getOrMake(kept, namespace, () => decide(mesh, namespace));
}

/** True when discoverySelectors hide configuration objects too: a switch until 1.24, on by default from 1.22. */
function hidesConfiguration(mesh: Mesh): boolean {
  const version = istioVersionOf(mesh, undefined);
  return (
    isAtLeast(version, 25) || istiodFlag(mesh, 'ENABLE_ENHANCED_RESOURCE_SCOPING', isAtLeast(version, 22))
  );
}

/** The same for policies and other configuration objects (addCRD in pilot/pkg/config/kube/crdclient/client.go). */
export function configurationDiscovery(mesh: Mesh, namespace: string): Discovery {
  if (listAt(mesh.settings.config, 'discoverySelectors').length === 0) return 'visible';
  return hidesConfiguration(mesh) ? discoveryOf(mesh, namespace) : 'visible';
}
