import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { isClusterScoped } from '#schemas/kinds.js';
import { getOrMake } from './lazy.js';

/** Tells kinds that live outside namespaces, so that no namespace is made up for their objects. */
export type IsClusterScoped = (group: string, kind: string) => boolean;

/** The built-in kinds without a namespace, and those that a CustomResourceDefinition in the input declares. */
export function clusterScopedIn(resources: readonly Resource[]): IsClusterScoped {
  const declared = new Set<string>();
  for (const { kind, object } of resources) {
    if (kind !== 'CustomResourceDefinition' || stringAt(object, 'spec', 'scope') !== 'Cluster') continue;
    declared.add(
      `${stringAt(object, 'spec', 'group') ?? ''}/${stringAt(object, 'spec', 'names', 'kind') ?? ''}`,
    );
  }
  const known = new Map<string, Map<string, boolean>>();
  const find: IsClusterScoped = (group, kind) =>
    known.get(group)?.get(kind) ??
    getOrMake(
      getOrMake(known, group, () => new Map<string, boolean>()),
      kind,
      () => isClusterScoped(group, kind) || declared.has(`${group}/${kind}`),
    );
  let latest = { group: '', kind: '', answer: find('', '') };
  // Objects of one kind follow each other.
  return (group, kind) => {
    if (kind !== latest.kind || group !== latest.group) latest = { group, kind, answer: find(group, kind) };
    return latest.answer;
  };
}
