import { existsSync } from 'node:fs';
import path from 'node:path';

/** Names under which a config is looked for. */
const names = ['.meshaudit.yaml', '.meshaudit.yml'];

/**
 * The config of a directory: its own, else that of the nearest directory above it, no further than the root of the
 * repository; undefined when there is none.
 */
export function findConfig(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const found = names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (existsSync(path.join(folder, '.git')) || path.dirname(folder) === folder) return undefined;
  }
}
