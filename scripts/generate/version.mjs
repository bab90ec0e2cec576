import { readFile } from 'node:fs/promises';

/** What package.json says of the package, as constants: nothing is read at start-up to know it. */
export async function generate() {
  const { version, homepage } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const page = homepage === undefined ? 'undefined' : `'${homepage.replace(/#.*$/, '')}'`;
  const text = [
    '// Generated from package.json by scripts/generate/version.mjs; do not edit.',
    `/** Version of this package. */\nexport const version = '${version}';`,
    `/** Where people find the project; undefined while package.json names no homepage. */\nexport const homepage: string | undefined = ${page};`,
  ];
  return [{ path: 'src/version.ts', text: `${text.join('\n\n')}\n` }];
}
