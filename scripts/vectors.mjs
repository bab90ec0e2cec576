import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

// Holds our answers against verdicts of Istio itself: `npm run vectors -- <dir> [--family F] [--part a,b] [--kind K,L]
// [--limit N] [--corpus DIR]`. `<dir>` is a folder of families or the folder of one. Each family is a module of
// scripts/vectors/, exporting `run(folder, options): Promise<{ agree, disagree: string[], unknown: string[] }>` and
// `needs`, the options without which it is skipped. Exit code 1 when anything disagrees or is unknown.

const here = fileURLToPath(new URL('vectors', import.meta.url));

function list(value) {
  return value === undefined ? undefined : value.split(',').map((entry) => entry.trim());
}

async function servedFamilies() {
  const names = await readdir(here);
  return new Set(names.filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -'.mjs'.length)));
}

async function familyFolders(folder, served) {
  const own = path.basename(folder);
  if (served.has(own)) return [[own, folder]];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => [entry.name, path.join(folder, entry.name)])
    .sort();
}

function show(title, lines, limit) {
  for (const line of lines.slice(0, limit)) console.log(`${title}: ${line}`);
  if (lines.length > limit) console.log(`${title}: … ${lines.length - limit} more`);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      family: { type: 'string' },
      part: { type: 'string' },
      kind: { type: 'string' },
      limit: { type: 'string', default: '20' },
      corpus: { type: 'string' },
    },
  });
  if (positionals.length !== 1) throw new Error('Give one folder of vectors: npm run vectors -- <dir>');
  const folder = path.resolve(positionals[0]);
  const limit = Number(values.limit);
  const served = await servedFamilies();
  const wanted = list(values.family);
  const options = { parts: list(values.part), kinds: list(values.kind), corpus: values.corpus };
  const total = { agree: 0, disagree: 0, unknown: 0 };
  for (const [family, familyFolder] of await familyFolders(folder, served)) {
    if (wanted && !wanted.includes(family)) continue;
    if (!served.has(family)) {
      console.log(`${family}: not served yet`);
      continue;
    }
    const { run, needs = [] } = await import(pathToFileURL(path.join(here, `${family}.mjs`)).href);
    const missing = needs.filter((name) => values[name] === undefined);
    if (missing.length > 0) {
      console.log(`${family}: skipped, needs ${missing.map((name) => `--${name}`).join(', ')}`);
      continue;
    }
    const result = await run(familyFolder, options);
    show(`${family} disagrees`, result.disagree, limit);
    show(`${family} unknown`, result.unknown, limit);
    console.log(
      `${family}: ${result.agree} agree, ${result.disagree.length} disagree, ${result.unknown.length} unknown`,
    );
    total.agree += result.agree;
    total.disagree += result.disagree.length;
    total.unknown += result.unknown.length;
  }
  console.log(`${total.agree} agree, ${total.disagree} disagree, ${total.unknown} unknown`);
  if (total.disagree > 0 || total.unknown > 0) process.exitCode = 1;
}

await main();
