import type { Resource } from '#documents/document.js';
import type { IsClusterScoped } from './cluster-scoped.js';
import { inCreationOrder } from './creation-order.js';
import { getOrMake, lazy } from './lazy.js';
import type { Mesh } from './mesh.js';

/** The look-ups of a mesh by kind, namespace and name. */
export type ResourceIndex = Pick<Mesh, 'ofKind' | 'inNamespace' | 'find' | 'namespaceOf'>;

/** The resources of one kind, sorted and split by namespace when first asked for. */
interface KindIndex {
  readonly all: () => readonly Resource[];
  readonly byNamespace: () => ReadonlyMap<string, readonly Resource[]>;
  readonly byName: () => ReadonlyMap<string, Resource>;
}

type NamespaceOf = (resource: Resource) => string;

function indexKind(resources: readonly Resource[], namespaceOf: NamespaceOf): KindIndex {
  const all = lazy(() => inCreationOrder(resources));
  const byNamespace = lazy(() => {
    const split = new Map<string, Resource[]>();
    for (const resource of all()) getOrMake(split, namespaceOf(resource), () => []).push(resource);
    return split;
  });
  const byName = lazy(() => {
    const named = new Map<string, Resource>();
    for (const resource of resources)
      getOrMake(named, `${namespaceOf(resource)}/${resource.name}`, () => resource);
    return named;
  });
  return { all, byNamespace, byName };
}

const none: readonly Resource[] = [];

/**
 * Indexes resources by group and kind, whatever version they are written in. `find` gives the first in input order
 * where a name is contested.
 */
export function indexResources(
  resources: readonly Resource[],
  isClusterScoped: IsClusterScoped,
): ResourceIndex {
  const namespaceOf: NamespaceOf = (resource) =>
    isClusterScoped(resource.group, resource.kind) ? '' : (resource.namespace ?? 'default');
  const byGroup = new Map<string, Map<string, Resource[]>>();
  for (const resource of resources) {
    const kinds = getOrMake(byGroup, resource.group, () => new Map<string, Resource[]>());
    getOrMake(kinds, resource.kind, () => []).push(resource);
  }
  const groups = new Map(
    [...byGroup].map(([group, kinds]) => [
      group,
      new Map([...kinds].map(([kind, members]) => [kind, indexKind(members, namespaceOf)])),
    ]),
  );
  const index = (group: string, kind: string): KindIndex | undefined => groups.get(group)?.get(kind);
  return {
    namespaceOf,
    ofKind: (group, kind) => index(group, kind)?.all() ?? none,
    inNamespace: (group, kind, namespace) => index(group, kind)?.byNamespace().get(namespace) ?? none,
    find: (group, kind, namespace, name) => {
      const scoped = isClusterScoped(group, kind) ? '' : (namespace ?? 'default');
      return index(group, kind)?.byName().get(`${scoped}/${name}`);
    },
  };
}
