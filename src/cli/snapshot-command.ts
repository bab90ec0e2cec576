import path from 'node:path';
import { send, type CliIo } from './cli-io.js';
import type { ClusterFlags } from './cluster-flags.js';
import { interruptible } from './interruptible.js';
import { asUsageError, readLive } from './live-cluster.js';

/** Options of `meshaudit snapshot`, as the command line gives them. */
export interface SnapshotFlags extends ClusterFlags {
  readonly output: string;
  readonly force?: true;
  readonly progress: boolean;
}

/** Reads a cluster and writes a snapshot of it; 0, or 2 when a kind failed to be listed. */
export async function runSnapshot(flags: SnapshotFlags, io: CliIo): Promise<number> {
  const { refuseWhatIsThere, writeSnapshot } = await import('#index.js');
  const target = { place: path.resolve(io.cwd, flags.output), force: flags.force === true };
  try {
    await refuseWhatIsThere(target);
    const { files, reading } = await readLive(flags, io);
    await interruptible((signal) => writeSnapshot(files, { ...target, signal }));
    const objects = reading.kinds.reduce((sum, kind) => sum + kind.objects, 0);
    const kinds = reading.kinds.filter((kind) => kind.objects > 0).length;
    await send(
      io.stderr,
      `meshaudit: wrote ${flags.output}: ${String(objects)} objects of ${String(kinds)} kinds\n`,
    );
    for (const { resource, message } of reading.unlisted)
      await send(io.stderr, `meshaudit: not listed: ${resource}: ${message}\n`);
    return reading.unlisted.some(({ reason }) => reason === 'failed') ? 2 : 0;
  } catch (error) {
    throw asUsageError(error);
  }
}
