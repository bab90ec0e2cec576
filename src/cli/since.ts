import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '#temporary-folder.js';
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
  const { path: folder, signal, remove } = await temporaryFolder('meshaudit-since-');
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    const tree = path.join(folder, 'tree');
    const failed = `--since: cannot lay out the files of ${revision}`;
    await git(['read-tree', commit], top, failed, { env, signal });
    // Git writes a slash in prefixes on every platform.
    await git(['checkout-index', '--all', `--prefix=${tree}/`], top, failed, { env, signal });
    const root = await realpath(top);
    const inTree = (absolute: string): string => path.join(tree, path.relative(root, absolute));
    const here = await realpath(cwd);
    const pathOf = (today: string): string => {
      const absolute = path.resolve(here, today);
      // What lies outside of the repository is taken as it is.
      if (!isWithin(absolute, root)) return absolute;
      return path.isAbsolute(today) ? inTree(absolute) : today;
    };
    return { cwd: inTree(here), pathOf, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

interface GitRun {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

async function git(
  args: readonly string[],
  cwd: string,
  failed: string,
  { env = {}, signal }: GitRun = {},
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64e6, ...(signal && { signal }) };
    const { stdout } = await run('git', args, options);
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
