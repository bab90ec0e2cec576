import type { Resource } from '#documents/document.js';
import type { Scope } from './mesh.js';

/**
 * Judges whether resources look like the dump of a whole cluster: most were read from an API server, and Namespace
 * objects are among them, with one that every cluster or mesh has.
 */
export function scopeOf(resources: readonly Resource[]): Scope {
  const stored = resources.filter((resource) => resource.stored).length;
  if (stored * 2 <= resources.length) return 'partial';
  const namespaces = resources.filter((resource) => resource.group === '' && resource.kind === 'Namespace');
  return namespaces.some(({ name }) => name === 'kube-system' || name === 'istio-system')
    ? 'complete'
    : 'partial';
}
