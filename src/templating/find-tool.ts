import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The first of some programs that the PATH of an environment leads to, as an absolute path. */
export function findOnPath(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly name: string; readonly file: string } | undefined {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const extensions = process.platform === 'win32' ? ['.exe'] : [''];
  for (const name of names) {
    for (const folder of folders) {
      const file = extensions.map((extension) => path.resolve(folder, name + extension)).find(isProgram);
      if (file !== undefined) return { name, file };
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
