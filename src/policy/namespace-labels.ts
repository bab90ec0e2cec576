import type { FieldRef } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { contestedEvidence } from './contested.js';
import type { MissingEvidence } from './decision.js';

/** The labels of a namespace, or what the input lacks to know them. */
export type NamespaceLabels =
  | {
      readonly known: true;
      readonly labels: StringMap;
      readonly fieldOf: (key: string) => FieldRef | undefined;
    }
  | { readonly known: false; readonly missing: MissingEvidence };

/**
 * Labels of a namespace as far as the input knows them: a namespace without an object has no labels in a complete
 * scope and unknown ones in a partial scope; differing objects of one name leave them unknown.
 */
export function namespaceLabels(mesh: Mesh, name: string): NamespaceLabels {
  const namespace = mesh.namespaces.get(name);
  const resource = namespace?.resource;
  if (resource === undefined && mesh.scope === 'partial')
    return { known: false, missing: { key: 'namespace-labels', text: `labels of namespace ${name}` } };
  if (resource !== undefined && mesh.isContested(resource))
    return { known: false, missing: contestedEvidence(mesh, resource) };
  const labels = namespace?.labels ?? { 'kubernetes.io/metadata.name': name };
  return {
    known: true,
    labels,
    fieldOf: (key) =>
      resource === undefined
        ? undefined
        : { resource, path: ['metadata', ...(Object.hasOwn(labels, key) ? ['labels', key] : [])] },
  };
}
