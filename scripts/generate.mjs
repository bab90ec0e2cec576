import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Runs every module of scripts/generate/: each exports `generate(): Promise<{ path, text }[]>`, and may export
// `folders`: folders it owns, in which a file it no longer writes counts as drift.
// `--check` writes nothing and fails with the list of files that are not what the generators write.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'scripts/generate');

async function listFiles(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function changedFiles(files) {
  const changed = [];
  for (const file of files) {
    const current = await readFile(path.join(root, file.path), 'utf8').catch(() => undefined);
    if (current !== file.text) changed.push(file);
  }
  return changed;
}

async function write(files) {
  for (const file of files) {
    await mkdir(path.dirname(path.join(root, file.path)), { recursive: true });
    await writeFile(path.join(root, file.path), file.text);
  }
}

async function staleFiles(folders, wanted) {
  const present = (await Promise.all(folders.map((name) => listFiles(path.join(root, name))))).flat();
  return present.map((file) => path.relative(root, file)).filter((file) => !wanted.has(file));
}

const check = process.argv.includes('--check');
const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
const changed = [];
const folders = [];
const wanted = new Set();
for (const name of names) {
  const generator = await import(pathToFileURL(path.join(folder, name)).href);
  const files = await generator.generate();
  const different = await changedFiles(files);
  if (!check) await write(different);
  for (const file of files) wanted.add(file.path);
  changed.push(...different.map((file) => file.path));
  folders.push(...(generator.folders ?? []));
}
const stale = await staleFiles(folders, wanted);
if (!check) await Promise.all(stale.map((file) => rm(path.join(root, file))));

const drifted = [...changed, ...stale.map((file) => `${file} (stale)`)];
if (check && drifted.length > 0) {
  console.error('Not what the generators write (run "npm run generate"):');
  process.exitCode = 1;
} else {
  console.log(
    check ? 'Generated files are current.' : `${drifted.length} generated file(s) written or removed.`,
  );
}
for (const file of drifted) console.log(`  ${file}`);
