// Generates the tables of Istio's releases and security bulletins from data/*.json, so that judging reads no file.
import { readFile } from 'node:fs/promises';

const read = async (name) =>
  JSON.parse(await readFile(new URL(`../../data/${name}.json`, import.meta.url), 'utf8'));

const numbers = (version) => `[${version.split('.').join(', ')}]`;

function range({ from, to, before }) {
  return before === undefined
    ? `{ from: ${numbers(from)}, to: ${numbers(to)} }`
    : `{ before: ${numbers(before)} }`;
}

function advisory({ id, date, cves, score, affected, exposure }) {
  const scored = score === undefined ? '' : ` score: ${score},`;
  const names = cves.map((cve) => JSON.stringify(cve)).join(', ');
  return `  { id: ${JSON.stringify(id)}, date: ${JSON.stringify(date)},${scored} cves: [${names}], affected: [${affected.map(range).join(', ')}], exposure: ${JSON.stringify(exposure)} },`;
}

function release({ line, released, endOfSupport, expected }) {
  return `  { line: ${JSON.stringify(line)}, released: ${JSON.stringify(released)}, endOfSupport: ${JSON.stringify(endOfSupport)}, expected: ${expected === true} },`;
}

const header = (name, { asOf, origin }) =>
  `// Generated from data/${name}.json by scripts/generate/advisories.mjs; do not edit. As of ${asOf}, from ${origin}`;

/** The two modules, for scripts/generate.mjs. */
export async function generate() {
  const [advisories, releases] = await Promise.all([read('advisories'), read('releases')]);
  const folder = 'src/policy/installation/generated';
  return [
    {
      path: `${folder}/advisories.ts`,
      text: `${header('advisories', advisories)}
import type { Advisory } from '#policy/installation/advisory.js';

/** Istio's security bulletins that an upgrade mends. */
export const advisories: readonly Advisory[] = [
${advisories.advisories.map(advisory).join('\n')}
];
`,
    },
    {
      path: `${folder}/releases.ts`,
      text: `${header('releases', releases)}
import type { Release } from '#policy/installation/release.js';

/** The day up to which the table knows. */
export const asOf = ${JSON.stringify(releases.asOf)};

/** Release lines of Istio 1, newest first. */
export const releases: readonly Release[] = [
${releases.releases.map(release).join('\n')}
];
`,
    },
  ];
}

export const folders = ['src/policy/installation/generated'];
