import path from 'node:path';
import type { Kustomization, KustomizeLabels } from './document.js';
import {
  isArray,
  isObject,
  listAt,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
  type JsonValue,
} from './json.js';
import { kustomizePatches, type PatchTexts } from './kustomize-patches.js';

/** File names that kustomize looks for in a folder. */
export const kustomizationNames: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** True for a file that kustomize would take as the kustomization of its folder. */
export function isKustomizationFile(shown: string): boolean {
  return kustomizationNames.includes(path.posix.basename(shown));
}

function pairsOf(object: JsonObject | undefined): Readonly<Record<string, string>> {
  const pairs = Object.entries(object ?? {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(pairs);
}

/** `commonLabels` and `labels` (the former reaches selectors and pod templates, the latter only where it says so). */
function labelsOf(object: JsonObject): readonly KustomizeLabels[] {
  const common = objectAt(object, 'commonLabels');
  const all = listAt(object, 'labels')
    .filter(isObject)
    .map((entry) => {
      const selectors = entry['includeSelectors'] === true;
      const pairs = pairsOf(objectAt(entry, 'pairs'));
      return { pairs, selectors, templates: selectors || entry['includeTemplates'] === true };
    });
  return common === undefined ? all : [{ pairs: pairsOf(common), selectors: true, templates: true }, ...all];
}

/** What a kustomization says about its folder; paths are resolved against the folder of the file. */
export function describeKustomization(object: JsonObject, file: string, texts: PatchTexts): Kustomization {
  const directory = path.posix.dirname(file);
  const resolve = (entry: string): string => resolveEntry(directory, entry);
  return {
    file,
    directory,
    kind: stringAt(object, 'kind') === 'Component' ? 'Component' : 'Kustomization',
    namespace: nonEmptyAt(object, 'namespace'),
    namePrefix: nonEmptyAt(object, 'namePrefix'),
    nameSuffix: nonEmptyAt(object, 'nameSuffix'),
    resources: [...stringsAt(object, 'resources'), ...stringsAt(object, 'bases')].map(resolve),
    components: stringsAt(object, 'components').map(resolve),
    labels: labelsOf(object),
    patches: kustomizePatches(object, file, texts),
  };
}

function nonEmptyAt(object: JsonObject, field: string): string | undefined {
  const text = stringAt(object, field);
  return text === '' ? undefined : text;
}

/** Files that a kustomization uses as patches or as its own configuration: none of them is an object to deploy. */
export function patchFiles(object: JsonObject, file: string): string[] {
  const directory = path.posix.dirname(file);
  const paths = (field: string): string[] =>
    listAt(object, field).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : (stringAt(entry, 'path') ?? []),
    );
  const named = [
    ...['patches', 'patchesStrategicMerge', 'patchesJson6902', 'replacements'].flatMap(paths),
    ...['configurations', 'transformers', 'generators', 'validators', 'crds'].flatMap((field) =>
      stringsAt(object, field),
    ),
    ...(stringAt(object, 'openapi', 'path') === undefined ? [] : [stringAt(object, 'openapi', 'path') ?? '']),
  ];
  return named.filter((entry) => !entry.includes('\n')).map((entry) => resolveEntry(directory, entry));
}

/** Files and folders that a kustomization deploys as they are. */
export function resourceFiles(object: JsonObject, file: string): string[] {
  return stringsAt(object, 'resources').map((entry) => resolveEntry(path.posix.dirname(file), entry));
}

function resolveEntry(directory: string, entry: string): string {
  return isRemote(entry)
    ? entry
    : path.posix.normalize(path.posix.join(directory, entry)).replace(/(.)\/$/, '$1');
}

function isRemote(entry: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com[/:])/i.test(entry) || entry.includes('?ref=');
}

const directives = ['$patch', '$retainKeys'];
const directivePrefixes = ['$setElementOrder/', '$deleteFromPrimitiveList/'];

/** False for a text in which no directive of a strategic merge patch can stand; cheap. */
export function mayHoldDirective(text: string): boolean {
  if (text.includes('\\u0024')) return true;
  return text.includes('$') && [...directives, ...directivePrefixes].some((word) => text.includes(word));
}

/** True for an object that carries the directives of a strategic merge patch, which no whole object has. */
export function hasPatchDirective(value: JsonValue): boolean {
  if (isArray(value)) return value.some(hasPatchDirective);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) => isDirective(key) || (member !== undefined && hasPatchDirective(member)),
  );
}

function isDirective(key: string): boolean {
  return directives.includes(key) || directivePrefixes.some((prefix) => key.startsWith(prefix));
}

/** True for a list of JSON 6902 operations. */
export function isJsonPatch(value: JsonValue): boolean {
  const isOperation = (entry: JsonValue): boolean =>
    stringAt(entry, 'op') !== undefined && stringAt(entry, 'path')?.startsWith('/') === true;
  return isArray(value) && value.length > 0 && value.every(isOperation);
}
