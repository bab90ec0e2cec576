import { readFile } from 'node:fs/promises';

/** The version of package.json as a constant: nothing is read at start-up to know it. */
export async function generate() {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const text = `// Generated from package.json by scripts/generate/version.mjs; do not edit.\n\n/** Version of this package. */\nexport const version = '${version}';\n`;
  return [{ path: 'src/version.ts', text }];
}
