import type { DumpLayout, Resource } from '#documents/document.js';
import { isWithin } from './recognise-layouts.js';

/**
 * The resources of the input where parts of it are dumps: an object that a dump holds more than once, in several lists or
 * versions, counts once; one whose traces of the API server the tool took away counts as stored all the same.
 */
export function settleDumps(
  resources: readonly Resource[],
  layouts: readonly DumpLayout[],
): readonly Resource[] {
  if (layouts.length === 0) return resources;
  const chosen = new Map<string, Resource>();
  const keyOf = new Map<Resource, string>();
  for (const resource of resources) {
    const at = layouts.findIndex((layout) => isWithin(resource.origin.file, layout));
    if (at < 0 || resource.name === '') continue;
    const { group, kind, namespace = '', name } = resource;
    const key = JSON.stringify([at, group, kind, namespace, name]);
    keyOf.set(resource, key);
    const known = chosen.get(key);
    if (known === undefined || rank(resource) < rank(known)) chosen.set(key, resource);
  }
  return resources
    .filter((resource) => {
      const key = keyOf.get(resource);
      return key === undefined || chosen.get(key) === resource;
    })
    .map((resource) => asStored(resource, layouts));
}

/** Velero keeps an object in the version that the cluster prefers, and beside it in others. */
function rank({ origin: { file } }: Resource): number {
  if (file.includes('-preferredversion/')) return 1;
  return /\/resources\/[^/]+\/v\w+\/(?:namespaces|cluster)\//.test(`/${file}`) ? 2 : 0;
}

function asStored(resource: Resource, layouts: readonly DumpLayout[]): Resource {
  const { file } = resource.origin;
  const is = layouts.some((layout) => layout.stored && isWithin(file, layout));
  return is && !resource.stored ? { ...resource, stored: true } : resource;
}
