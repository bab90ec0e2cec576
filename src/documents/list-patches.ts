import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FileContent } from './found-object.js';
import { isObject } from './json.js';
import { isKustomization, typeOf } from './kubernetes-names.js';
import { isKustomizationFile, kustomizationNames, patchFiles, resourceFiles } from './kustomize.js';
import type { Limits } from './limits.js';
import { readContent } from './read-content.js';
import { openFile } from './read-source.js';

/**
 * The files, as shown, that some kustomization uses as a patch or as configuration, and none as a resource. Where the
 * input is on disk (`cwd`), kustomizations beside the files and one folder above count too, read or not.
 */
export async function listPatches(
  contents: readonly FileContent[],
  cwd: string | undefined,
  limits: Limits,
): Promise<ReadonlySet<string>> {
  const patches = new Set<string>();
  const resources = new Set<string>();
  const all = cwd === undefined ? contents : [...contents, ...(await neighbours(contents, cwd, limits))];
  for (const { source, objects } of all) {
    for (const { value } of objects) {
      const type = typeOf(value);
      const is =
        isKustomizationFile(source.shown) ||
        (type !== undefined && isKustomization(type.apiVersion, type.kind));
      if (!is || !isObject(value)) continue;
      for (const file of patchFiles(value, source.shown)) patches.add(file);
      for (const file of resourceFiles(value, source.shown)) resources.add(file);
    }
  }
  for (const file of resources) patches.delete(file);
  return patches;
}

async function neighbours(
  contents: readonly FileContent[],
  cwd: string,
  limits: Limits,
): Promise<FileContent[]> {
  const read = new Set(contents.map(({ source }) => source.shown));
  const files = contents.filter(({ source }) => source.path !== undefined);
  const folders = new Set(files.map(({ source }) => path.posix.dirname(source.shown)));
  for (const folder of [...folders]) folders.add(path.posix.join(folder, '..'));
  const found: FileContent[] = [];
  for (const folder of folders) {
    for (const name of kustomizationNames) {
      const shown = path.posix.join(folder, name);
      const file = path.resolve(cwd, shown);
      if (read.has(shown) || !existsSync(file)) continue;
      const opened = openFile({ path: file, shown, reported: false }, limits);
      const all = (): boolean => true;
      if ('source' in opened)
        found.push(await readContent(opened.source, { limits, wanted: all, kept: all }));
    }
  }
  return found;
}
