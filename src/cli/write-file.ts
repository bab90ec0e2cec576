import { unlinkSync } from 'node:fs';
import { chmod, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './usage-error.js';

/**
 * Writes a whole file or none: into a temporary neighbour, then renamed over the target; an interrupt on the way takes
 * the neighbour with it. Devices and pipes are written to as they are.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  try {
    const existing = await stat(file).catch(() => undefined);
    if (existing !== undefined && !existing.isFile()) await writeFile(file, text);
    else await replaceFile(existing === undefined ? file : await realpath(file), text, existing?.mode);
  } catch (error) {
    // `ENOENT: no such file or directory, open '…'`: the name there is that of the temporary file.
    const reason = error instanceof Error ? error.message.replace(/, [a-z]+( '.*)?$/, '') : String(error);
    throw new UsageError(
      `cannot write ${file}: ${reason}`,
      'Check that the file and its directory may be written to.',
    );
  }
}

async function replaceFile(file: string, text: string, mode: number | undefined): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${String(process.pid)}.tmp`);
  const interrupted = (): void => {
    try {
      unlinkSync(temporary);
    } catch {
      // Not written yet, or renamed already.
    }
    // The listener is gone by now (once), so the second signal ends the process as the first would have.
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', interrupted);
  try {
    await writeFile(temporary, text);
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
  }
}
