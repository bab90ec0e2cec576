import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kustomization, Loaded, Resource } from '#documents/document.js';
import { isObject } from '#documents/json.js';
import { patchFiles } from '#documents/kustomize.js';
import { defaultLimits } from '#documents/limits.js';
import { loadDocuments } from '#documents/load.js';
import { readAnyYaml } from '#documents/read-any-yaml.js';

/** What an overlay is built of: everything in the folders that it takes in, and its patches, the nearest first. */
export interface KustomizationTree {
  readonly resources: readonly (readonly [Resource, Loaded])[];
  readonly patches: readonly (readonly [Resource, Loaded])[];
}

const mostFolders = 100;

/** Reads the files of a kustomization and of those that it builds on, as far as they are on disk. */
export async function kustomizationTree(folder: string, cwd: string): Promise<KustomizationTree> {
  const loads: Loaded[] = [];
  const seen = new Set<string>();
  const pending = [folder];
  for (;;) {
    const next = pending.shift();
    if (next === undefined || seen.size >= mostFolders) break;
    if ([...seen].some((known) => isWithin(next, known))) continue;
    seen.add(next);
    const loaded = await loadDocuments({ paths: [next], cwd, read: () => true });
    loads.push(loaded);
    for (const { resources, components } of loaded.kustomizations)
      pending.push(...[...resources, ...components].map((entry) => path.resolve(cwd, entry)));
  }
  const kustomizations = loads.flatMap((loaded) => loaded.kustomizations);
  const patches = await loadDocuments({
    paths: [],
    sources: patchTexts(kustomizations, cwd),
    cwd,
    read: () => true,
  });
  return { resources: loads.flatMap(withLoad), patches: withLoad(patches) };
}

function withLoad(loaded: Loaded): readonly (readonly [Resource, Loaded])[] {
  return loaded.resources.map((resource) => [resource, loaded] as const);
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

/** Patches in files, as texts of their own: among their kustomizations they would be known for what they are. */
function patchTexts(
  kustomizations: readonly Kustomization[],
  cwd: string,
): { readonly path: string; readonly text: string }[] {
  const files = kustomizations.flatMap(({ file }) => {
    const text = readText(path.resolve(cwd, file));
    const read = text === undefined ? undefined : readAnyYaml(text, defaultLimits);
    return read !== undefined && 'value' in read && isObject(read.value) ? patchFiles(read.value, file) : [];
  });
  return [...new Set(files)].flatMap((file) => {
    const text = readText(path.resolve(cwd, file));
    return text === undefined ? [] : [{ path: file, text }];
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
