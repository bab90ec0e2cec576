import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { matchesLabelSelector } from '#policy/label-selector.js';

/**
 * Namespaces whose routes a listener takes: its own by default, all (also by a selector that is not written), those that a
 * selector finds (namespacesFromSelector in pilot/pkg/config/kube/gateway/conversion.go).
 */
export function admittedNamespaces(
  mesh: Mesh,
  namespaces: JsonObject | undefined,
  own: string,
): readonly string[] | 'all' {
  const from = stringAt(namespaces, 'from') ?? 'Same';
  if (from === 'Same') return [own];
  const selector = objectAt(namespaces, 'selector');
  if (from === 'All' || selector === undefined) return 'all';
  return [...mesh.namespaces.values()]
    .filter(({ name, labels }) =>
      matchesLabelSelector(selector, { ...labels, 'kubernetes.io/metadata.name': name }),
    )
    .map(({ name }) => name)
    .sort();
}
