import { lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from './document.js';
import { listGlob } from './list-glob.js';
import { compareText, shownPath } from './shown-path.js';
import { walkDirectory } from './walk-directory.js';

/** A file to read. */
export interface FoundFile {
  readonly path: string;
  /** The path as shown to people. */
  readonly shown: string;
  readonly reported: boolean;
}

/** A file as one of the given paths reached it. */
export interface Candidate {
  readonly path: string;
  /** True when a symbolic link lies between the given path and the file. */
  readonly linked: boolean;
}

/** What to look for: paths are files, directories or globs, relative to cwd. */
export interface Wanted {
  readonly paths: readonly string[];
  readonly also: readonly string[];
  readonly cwd: string;
}

/** Collects candidates and problems on the way through the file system. */
export interface Search {
  readonly cwd: string;
  readonly candidates: Candidate[];
  readonly problems: Problem[];
}

/** Every file that the paths stand for, each once, in code unit order of the path shown. */
export async function findFiles(wanted: Wanted): Promise<{ files: FoundFile[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const found = new Map<string, FoundFile & { readonly linked: boolean }>();
  const groups: readonly (readonly [readonly string[], boolean])[] = [
    [wanted.paths, true],
    [wanted.also, false],
  ];
  for (const [paths, reported] of groups) {
    const search: Search = { cwd: wanted.cwd, candidates: [], problems };
    for (const given of paths) await searchPath(search, given);
    for (const candidate of search.candidates) {
      const shown = shownPath(candidate.path, wanted.cwd);
      const key = await realPath(candidate.path);
      const known = found.get(key);
      if (known === undefined || preferred({ ...candidate, shown }, known)) {
        found.set(key, { ...candidate, shown, reported: reported || known?.reported === true });
      }
    }
  }
  const files = [...found.values()].map(({ path: file, shown, reported }) => ({
    path: file,
    shown,
    reported,
  }));
  return { files: files.sort((a, b) => compareText(a.shown, b.shown)), problems: unique(problems) };
}

function preferred(a: { linked: boolean; shown: string }, b: { linked: boolean; shown: string }): boolean {
  return a.linked === b.linked ? compareText(a.shown, b.shown) < 0 : !a.linked;
}

async function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

async function searchPath(search: Search, given: string): Promise<void> {
  const absolute = path.resolve(search.cwd, given);
  try {
    const target = await stat(absolute);
    const linked = (await lstat(absolute)).isSymbolicLink();
    if (target.isDirectory()) await walkDirectory(search, absolute);
    else search.candidates.push({ path: absolute, linked });
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && (await listGlob(search, given))) return;
    search.problems.push(pathProblem(shownPath(absolute, search.cwd), error));
  }
}

/** The code of a file system error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown error';
}

/** A problem out of a file system error. */
export function pathProblem(file: string, error: unknown): Problem {
  const code = errorCode(error);
  if (code === 'ENOENT' && file.includes('\ufffd')) {
    const message = 'Has a name that is not UTF-8 text, and cannot be opened by it';
    return { code: 'unreadable', file, message, hint: 'Rename it.', fatal: true };
  }
  if (code === 'ENXIO')
    return { code: 'unreadable', file, message: 'Is a socket, not a regular file', fatal: true };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { code: 'not-found', file, message: `No file, directory or glob match: ${file}`, fatal: true };
  }
  if (code === 'ELOOP') {
    return { code: 'symlink-loop', file, message: `Symbolic links lead in a circle: ${file}`, fatal: true };
  }
  return { code: 'unreadable', file, message: `Cannot be read (${code})`, fatal: true };
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((problem) => [`${problem.code}\0${problem.file}\0${problem.message}`, problem]),
  );
  return [...seen.values()];
}
