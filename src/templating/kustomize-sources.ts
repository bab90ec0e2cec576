import path from 'node:path';
import type { FieldRef, Loaded, Location, Resource } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import type { Relocate } from '#documents/read-source.js';
import { shownPath } from '#documents/shown-path.js';
import { kustomizationTree, type KustomizationTree } from './kustomization-tree.js';
import type { ObjectOrigin } from './kustomize-origins.js';

/** A build, and what it told of its objects. */
export interface Build {
  readonly folder: string;
  /** Absolute path of the folder that was built; paths of origins are relative to it. */
  readonly built: string;
  /** By document; empty where the tool tells no origins. */
  readonly origins: readonly (ObjectOrigin | undefined)[];
}

type Found = readonly [Resource, Loaded];

/**
 * The way from a build back to its files: a field to the patch that writes it as it is, else to the file that the object
 * is written in, told by the build or found by kind and name; undefined where several fit.
 */
export async function toKustomizeSources(build: Build, cwd: string): Promise<Relocate> {
  const tree = await kustomizationTree(build.folder, cwd);
  const known = new Map<Resource, Found | undefined>();
  const sourceOf = (resource: Resource): Found | undefined => {
    if (known.has(resource)) return known.get(resource);
    const found = findSource(resource, tree, originFile(build, resource, cwd));
    known.set(resource, found);
    return found;
  };
  return (at) => {
    const written = patchOf(at, tree);
    if (written !== undefined) return written;
    const source = sourceOf(at.resource);
    if (source !== undefined) return source[1].locate({ resource: source[0], path: at.path });
    return generator(build, at.resource, cwd);
  };
}

function originFile({ built, origins }: Build, { origin }: Resource, cwd: string): string | undefined {
  const told = origins[origin.document]?.path;
  return told === undefined ? undefined : shownPath(path.resolve(built, told), cwd);
}

function generator({ built, origins }: Build, { origin }: Resource, cwd: string): Location | undefined {
  const told = origins[origin.document]?.configuredIn;
  return told === undefined
    ? undefined
    : { file: shownPath(path.resolve(built, told), cwd), line: 1, column: 1 };
}

/** The patch that writes the very value that the build holds at that place. */
function patchOf({ resource, path: at }: FieldRef, { patches }: KustomizationTree): Location | undefined {
  const value = valueAt(resource.object, at);
  if (at.length === 0 || value === undefined) return undefined;
  const text = JSON.stringify(value);
  const found = patches.find(
    ([patch]) => mayBe(patch, resource) && JSON.stringify(valueAt(patch.object, at)) === text,
  );
  return found?.[1].locate({ resource: found[0], path: at });
}

function findSource(
  resource: Resource,
  { resources }: KustomizationTree,
  file: string | undefined,
): Found | undefined {
  const alike = resources.filter(
    ([candidate]) => mayBe(candidate, resource) && (file === undefined || candidate.origin.file === file),
  );
  // `prod-cart-api` is `cart-api` with something before it, not `cart` with something around it.
  const longest = Math.max(0, ...alike.map(([{ name }]) => name.length));
  const best = alike.filter(([{ name }]) => name.length === longest);
  if (best.length < 2) return best[0];
  const inNamespace = best.filter(([candidate]) => candidate.namespace === resource.namespace);
  return inNamespace.length === 1 ? inNamespace[0] : undefined;
}

/** Kustomize may put something before and behind a name, and change the namespace, but not the kind. */
function mayBe(source: Resource, { group, kind, name }: Resource): boolean {
  return source.group === group && source.kind === kind && source.name !== '' && name.includes(source.name);
}
