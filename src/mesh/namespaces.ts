import type { Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Namespace } from './mesh.js';
import { mergeMaps, stringMap } from './string-map.js';

/** What namespaces are gathered from. */
export interface NamespaceInput {
  readonly resources: readonly Resource[];
  readonly namespaceOf: (resource: Resource) => string;
  /** Further names that exist for certain: the root namespace. */
  readonly also: readonly string[];
}

function namespace(name: string, resource: Resource | undefined): Namespace {
  const own = stringMap(objectAt(resource?.object, 'metadata', 'labels'));
  return {
    name,
    // The API server puts this label on every namespace.
    labels: mergeMaps(own, { 'kubernetes.io/metadata.name': name }),
    annotations: stringMap(objectAt(resource?.object, 'metadata', 'annotations')),
    resource,
  };
}

/** The namespaces that have an object or that some object lives in, by name, in order of name. */
export function readNamespaces({
  resources,
  namespaceOf,
  also,
}: NamespaceInput): ReadonlyMap<string, Namespace> {
  const objects = new Map<string, Resource | undefined>(also.map((name) => [name, undefined]));
  for (const resource of resources) {
    const isNamespace = resource.group === '' && resource.kind === 'Namespace';
    const name = isNamespace ? resource.name : namespaceOf(resource);
    if (name === '') continue;
    objects.set(name, objects.get(name) ?? (isNamespace ? resource : undefined));
  }
  return new Map([...objects.keys()].sort().map((name) => [name, namespace(name, objects.get(name))]));
}
