import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder that is gone after the run, however it ends. */
export interface TemporaryFolder {
  /** Without symbolic links. */
  readonly path: string;
  /** Aborted when the run is interrupted: for programs that write into the folder. */
  readonly signal: AbortSignal;
  readonly remove: () => Promise<void>;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes a folder among the system's temporary ones. An interrupt removes it before it ends the process as it would have
 * without; only what cannot be caught leaves it behind.
 */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), prefix)));
  const aborting = new AbortController();
  const interrupted = (signal: NodeJS.Signals): void => {
    aborting.abort();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    leave();
    // Nobody listens any more on our behalf, so that the signal does what it would have done.
    process.kill(process.pid, signal);
  };
  const leave = (): void => {
    for (const signal of signals) process.off(signal, interrupted);
  };
  for (const signal of signals) process.once(signal, interrupted);
  return {
    path: folder,
    signal: aborting.signal,
    remove: async () => {
      leave();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
