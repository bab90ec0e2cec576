import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './usage-error.js';

const run = promisify(execFile);

/** The files of a revision, laid out in a folder of their own. */
export interface Checkout {
  /** The directory in it that stands for the working directory. */
  readonly cwd: string;
  /** A path of today (absolute, or relative to the working directory) as it is there. */
  readonly pathOf: (today: string) => string;
  readonly remove: () => Promise<void>;
}

/**
 * Lays out the files of a revision in a temporary folder. The repository, its index and its work tree stay as they are.
 *
 * @throws UsageError when this is no repository, git is missing, or there is no such revision.
 */
export async function checkOut(revision: string, cwd: string): Promise<Checkout> {
  const top = await git(['rev-parse', '--show-toplevel'], cwd, `--since needs a git repository`);
  const commit = await git(
    ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`],
    cwd,
    `--since: git knows no revision ${revision}`,
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), 'meshaudit-since-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    const tree = path.join(folder, 'tree');
    const failed = `--since: cannot lay out the files of ${revision}`;
    await git(['read-tree', commit], top, failed, env);
    await git(['checkout-index', '--all', `--prefix=${tree}${path.sep}`], top, failed, env);
    const root = await realpath(top);
    const inTree = (absolute: string): string => path.join(tree, path.relative(root, absolute));
    const here = await realpath(cwd);
    const pathOf = (today: string): string => {
      if (!path.isAbsolute(today)) return today;
      return isWithin(today, root) ? inTree(today) : today;
    };
    return { cwd: inTree(here), pathOf, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

async function git(
  args: readonly string[],
  cwd: string,
  failed: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run('git', args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64e6 });
    return stdout.trim();
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UsageError(
      missing ? '--since needs git, which is not there' : failed,
      missing
        ? 'Install git, or compare with --baseline.'
        : 'In CI, fetch the history: a shallow clone lacks it.',
    );
  }
}
