import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathProblem, type Search } from './find-files.js';
import { isManifestPath } from './manifest-name.js';
import { compareText, shownPath } from './shown-path.js';

const skippedFolders = new Set(['node_modules', '.git']);

interface Folder {
  readonly path: string;
  readonly linked: boolean;
}

/** Adds the manifest files below a directory to the search. Real folders first, then linked ones, each only once. */
export async function walkDirectory(search: Search, root: string): Promise<void> {
  const visited = new Set<string>();
  const links: Folder[] = [];
  const pending: Folder[] = [{ path: root, linked: false }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop() ?? links.shift()) {
    try {
      const real = await realpath(folder.path);
      if (!visited.has(real)) await visitFolder(search, { folder, pending, links });
      else if (folder.linked) await reportLoop(search, folder.path, real);
      visited.add(real);
    } catch (error) {
      search.problems.push(pathProblem(shownPath(folder.path, search.cwd), error));
    }
  }
}

async function visitFolder(search: Search, visit: Omit<Visit, 'entry'>): Promise<void> {
  const entries = await readdir(visit.folder.path, { withFileTypes: true });
  entries.sort((a, b) => compareText(a.name, b.name));
  for (const entry of entries) await visitEntry(search, { ...visit, entry });
}

function isManifest(full: string): boolean {
  return isManifestPath(path.sep === '/' ? full : full.split(path.sep).join('/'));
}

interface Visit {
  readonly folder: Folder;
  readonly entry: Dirent;
  readonly pending: Folder[];
  readonly links: Folder[];
}

async function visitEntry(search: Search, { folder, entry, pending, links }: Visit): Promise<void> {
  const full = path.join(folder.path, entry.name);
  const { linked } = folder;
  if (entry.isDirectory()) {
    if (!skippedFolders.has(entry.name)) pending.push({ path: full, linked });
  } else if (!entry.isSymbolicLink()) {
    if (isManifest(full)) search.candidates.push({ path: full, linked });
  } else {
    await visitLink(search, full, links);
  }
}

/** Dangling links matter only where they are named like a manifest. */
async function visitLink(search: Search, full: string, links: Folder[]): Promise<void> {
  const manifest = isManifest(full);
  try {
    if ((await stat(full)).isDirectory()) links.push({ path: full, linked: true });
    else if (manifest) search.candidates.push({ path: full, linked: true });
  } catch (error) {
    const problem = pathProblem(shownPath(full, search.cwd), error);
    if (manifest || problem.code === 'symlink-loop') search.problems.push(problem);
  }
}

/** A link back to a folder above it is a circle; what it leads to has been read already. */
async function reportLoop(search: Search, link: string, target: string): Promise<void> {
  const parent = await realpath(path.dirname(link));
  if (!`${parent}${path.sep}`.startsWith(target.endsWith(path.sep) ? target : `${target}${path.sep}`)) return;
  search.problems.push({
    code: 'symlink-loop',
    file: shownPath(link, search.cwd),
    message: `A symbolic link leads back to a folder above it (${shownPath(target, search.cwd)}) and was not followed`,
    fatal: false,
  });
}
