import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ClusterError } from './cluster-error.js';
import type { SnapshotFile } from './kept-objects.js';
import { manifestName } from './snapshot.js';

/** Where a snapshot goes. */
export interface SnapshotTarget {
  /** Absolute path of a folder; it is made. */
  readonly folder: string;
  /** True: an earlier snapshot there is replaced. */
  readonly force: boolean;
}

/**
 * Writes a whole snapshot or none: into a temporary neighbour that takes the folder's place at the end. Only its owner may
 * read it.
 *
 * @throws ClusterError when something is in the way: a folder with anything in it, and with `force` anything but a snapshot.
 */
export async function writeSnapshot(files: readonly SnapshotFile[], target: SnapshotTarget): Promise<void> {
  const { folder } = target;
  await refuseWhatIsThere(target);
  const place = path.join(path.dirname(folder), `.${path.basename(folder)}.${String(process.pid)}`);
  const [fresh, old] = [`${place}.tmp`, `${place}.old`];
  try {
    await mkdir(fresh, { recursive: true, mode: 0o700 });
    for (const file of files) await writeInto(fresh, file);
    await rename(folder, old).catch(unlessMissing);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** Looks before anything is read from the cluster, too. */
export async function refuseWhatIsThere({ folder, force }: SnapshotTarget): Promise<void> {
  const there: readonly string[] = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new ClusterError(`cannot write to ${folder} (${codeOf(error)})`);
  });
  if (there.length === 0) return;
  if (!there.includes(manifestName))
    throw new ClusterError(`${folder} is not empty and holds no snapshot`, 'Name another folder.');
  if (!force) throw new ClusterError(`${folder} holds a snapshot already`, 'Replace it with --force.');
}

async function writeInto(folder: string, { path: name, text }: SnapshotFile): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
