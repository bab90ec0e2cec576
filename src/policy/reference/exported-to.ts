import type { FieldRef, Resource } from '#documents/document.js';
import { stringAt, stringsAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** A namespace that an object is exported to. */
export interface ExportTarget {
  readonly namespace: string;
  readonly at: FieldRef;
}

const special: ReadonlySet<string> = new Set(['.', '*', '~', '']);

/** Namespaces that an object names in exportTo, or a Service in its annotation; `.`, `*` and `~` are none. */
export function exportTargets(resource: Resource): readonly ExportTarget[] {
  const { object, kind } = resource;
  if (kind === 'Service') {
    const path = ['metadata', 'annotations', 'networking.istio.io/exportTo'];
    const text = stringAt(object, ...path);
    if (text === undefined) return [];
    return text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => !special.has(entry))
      .map((namespace) => ({ namespace, at: { resource, path } }));
  }
  return stringsAt(object, 'spec', 'exportTo').flatMap((namespace, index) =>
    special.has(namespace) ? [] : [{ namespace, at: { resource, path: ['spec', 'exportTo', index] } }],
  );
}

/** True when the input shows the namespace: as an object, or by anything that lives in it. */
export function isKnownNamespace(mesh: Mesh, namespace: string): boolean {
  return mesh.namespaces.has(namespace);
}
