import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import { ClusterError } from './cluster-error.js';
import type { SnapshotFile } from './kept-objects.js';
import { manifestName } from './snapshot.js';

/** Where a snapshot goes. */
export interface SnapshotTarget {
  /** Absolute path of what is made: a folder, or an archive where the name ends in `.tar.gz` or `.tgz`. */
  readonly place: string;
  /** True: an earlier snapshot there is replaced. */
  readonly force: boolean;
  /** Ends the writing; nothing of it stays. */
  readonly signal?: AbortSignal;
}

const archiveName = /\.(?:tar\.gz|tgz)$/i;

/**
 * Writes a whole snapshot or none: into a temporary neighbour that takes its place at the end. Only its owner may read it.
 *
 * @throws ClusterError when something is in the way: anything at all, and with `force` anything but a snapshot; or when it cannot
 * be written.
 */
export async function writeSnapshot(files: readonly SnapshotFile[], target: SnapshotTarget): Promise<void> {
  const { place, signal } = target;
  await refuseWhatIsThere(target);
  const beside = path.join(path.dirname(place), `.${path.basename(place)}.${String(process.pid)}`);
  const [fresh, old] = [`${beside}.tmp`, `${beside}.old`];
  try {
    await mkdir(path.dirname(place), { recursive: true });
    if (archiveName.test(place)) {
      await writeArchive(files, fresh, target);
      await rename(fresh, place);
    } else {
      await writeFolder(files, fresh, target);
      await replaceFolder(place, { fresh, old });
    }
  } catch (error) {
    if (codeOf(error) === '' || signal?.aborted === true) throw error;
    throw new ClusterError(
      `cannot write ${place} (${codeOf(error)})`,
      'Check that there is room, and that its folder may be written to.',
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** A folder that holds something cannot be replaced at one go: what was there comes back when the new one cannot take its place. */
async function replaceFolder(
  place: string,
  { fresh, old }: { readonly fresh: string; readonly old: string },
): Promise<void> {
  await rename(place, old).catch(unlessMissing);
  try {
    await rename(fresh, place);
  } catch (error) {
    await rename(old, place).catch(unlessMissing);
    throw error;
  }
}

async function writeFolder(
  files: readonly SnapshotFile[],
  folder: string,
  { signal }: SnapshotTarget,
): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for (const { path: name, text } of files) {
    signal?.throwIfAborted();
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  }
}

/** The folder in the archive has its name, so that it can be unpacked anywhere. */
async function writeArchive(
  files: readonly SnapshotFile[],
  file: string,
  { place, signal }: SnapshotTarget,
): Promise<void> {
  const { packSnapshot } = await import('./pack-snapshot.js');
  const folder = path.basename(place).replace(archiveName, '') || 'snapshot';
  const sink = createWriteStream(file, { mode: 0o600, flags: 'wx' });
  const pieces = Readable.from(packSnapshot(files, folder), { objectMode: false });
  await pipeline(pieces, createGzip(), sink, signal === undefined ? {} : { signal });
}

/** Looks before anything is read from the cluster, too. */
export async function refuseWhatIsThere({ place, force }: SnapshotTarget): Promise<void> {
  const found = await stat(place).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ClusterError(`cannot write to ${place} (${codeOf(error)})`);
  });
  if (found === undefined) return;
  const isArchive = archiveName.test(place);
  const there = found.isDirectory() && !isArchive ? await readdir(place) : undefined;
  if (there?.length === 0) return;
  if (!(there?.includes(manifestName) ?? (isArchive && found.isFile() && (await isSnapshotArchive(place)))))
    throw new ClusterError(
      there === undefined ? `${place} is no snapshot` : `${place} is not empty and holds no snapshot`,
      'Name another place.',
    );
  if (!force)
    throw new ClusterError(
      there === undefined ? `${place} is a snapshot already` : `${place} holds a snapshot already`,
      'Replace it with --force.',
    );
}

/** True for an archive that begins as ours do: with what says what was read. */
async function isSnapshotArchive(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const start = gunzipSync(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
    const name = start.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    return name.endsWith(`/${manifestName}`);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
