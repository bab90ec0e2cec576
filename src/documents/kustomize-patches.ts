import path from 'node:path';
import type { FieldPath, KustomizePatch } from './document.js';
import { isArray, isObject, listAt, stringAt, type JsonObject, type JsonValue } from './json.js';
import { defaultLimits } from './limits.js';
import { readAnyYaml } from './read-any-yaml.js';

/** What a file holds, by its path as shown; nothing for one that was not read. */
export type PatchTexts = (file: string) => readonly JsonValue[];

/** More places than this in one patch are taken for the whole object. */
const mostPlaces = 500;

function parseInline(text: string): readonly JsonValue[] {
  return text.split(/^---.*$/m).flatMap((part) => {
    const result = part.trim() === '' ? { error: undefined } : readAnyYaml(part, defaultLimits);
    return 'value' in result ? [result.value] : [];
  });
}

/** Where a strategic merge patch writes: its leaves; a list is written as a whole. */
function leaves(value: JsonValue | undefined, at: FieldPath): readonly FieldPath[] {
  if (!isObject(value)) return [at];
  const keys = Object.keys(value);
  if (keys.length === 0) return [at];
  return keys.flatMap((key) => (key.startsWith('$') ? [at] : leaves(value[key], [...at, key])));
}

const isIdentity = ([first, second]: FieldPath): boolean =>
  first === 'apiVersion' ||
  first === 'kind' ||
  (first === 'metadata' && (second === 'name' || second === 'namespace'));

/** The path of a JSON pointer; numbers stay text, which is how a list's steps are compared. */
function pointer(text: string): FieldPath {
  const steps = text.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function placesOf(patch: JsonValue): readonly FieldPath[] {
  const places = isArray(patch)
    ? patch.flatMap((operation) => {
        const at = stringAt(operation, 'path');
        const from = stringAt(operation, 'op') === 'move' ? stringAt(operation, 'from') : undefined;
        return [at, from].filter((one) => one !== undefined).map(pointer);
      })
    : leaves(patch, []).filter((place) => !isIdentity(place));
  return places.length > mostPlaces ? [[]] : places;
}

/** Names in a target are regular expressions; only plain ones are compared, others may match anything. */
const isPlain = (pattern: string): boolean => /^[\w-]+(?:\.[\w-]+)*$/.test(pattern);

function targeted(target: JsonObject): Pick<KustomizePatch, 'kind' | 'name' | 'namespace'> {
  const field = (name: string): string | undefined => {
    const pattern = stringAt(target, name);
    return pattern === undefined || !isPlain(pattern) ? undefined : pattern;
  };
  return { kind: field('kind'), name: field('name'), namespace: field('namespace') };
}

/** True for a target of which nobody can say here what it matches. */
const isUncertain = (target: JsonObject): boolean =>
  Object.values(target).some((value) => typeof value !== 'string' || !isPlain(value)) ||
  ['labelSelector', 'annotationSelector'].some((name) => target[name] !== undefined);

function toPatch(patch: JsonValue, target: JsonValue | undefined): KustomizePatch {
  const deletes = stringAt(patch, '$patch') === 'delete';
  const paths = placesOf(patch);
  if (isObject(target)) return { ...targeted(target), deletes: deletes && !isUncertain(target), paths };
  const kind = stringAt(patch, 'kind');
  const name = stringAt(patch, 'metadata', 'name');
  return { kind, name, namespace: stringAt(patch, 'metadata', 'namespace'), deletes, paths };
}

/**
 * The patches of a kustomization, inline ones and those in files, each with the objects it is for and the places that
 * it writes. Patches whose text cannot be read are left out.
 */
export function kustomizePatches(
  object: JsonObject,
  file: string,
  texts: PatchTexts,
): readonly KustomizePatch[] {
  const directory = path.posix.dirname(file);
  const inFile = (entry: string): readonly JsonValue[] =>
    texts(path.posix.normalize(path.posix.join(directory, entry)));
  const read = (entry: JsonValue): readonly KustomizePatch[] => {
    const isText = typeof entry === 'string';
    const inline = isText ? (entry.includes('\n') ? entry : undefined) : stringAt(entry, 'patch');
    const named = isText ? entry : stringAt(entry, 'path');
    const target = isObject(entry) ? entry['target'] : undefined;
    const patches = inline === undefined ? inFile(named ?? '') : parseInline(inline);
    return patches
      .map((patch) => toPatch(patch, target))
      .filter(({ kind, name }) => target !== undefined || (kind !== undefined && name !== undefined));
  };
  const all = ['patches', 'patchesStrategicMerge', 'patchesJson6902'].flatMap((field) =>
    listAt(object, field).flatMap(read),
  );
  return all.filter(({ deletes, paths }) => deletes || paths.length > 0);
}
