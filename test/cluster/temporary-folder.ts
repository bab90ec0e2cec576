import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';

/** Makes folders that are gone after each test. */
export function temporaryFolders(): (files?: Readonly<Record<string, string>>) => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });
  return async (files = {}) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'meshaudit-cluster-'));
    made.push(folder);
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)));
    return folder;
  };
}
