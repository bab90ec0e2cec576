import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from '../load-source.mjs';

const fixtures = fileURLToPath(new URL('../../fixtures/checks/', import.meta.url));

async function fixturesOf({ family, slug }) {
  const lists = ['fail', 'pass', 'unknown'].map(async (kind) => {
    const folder = path.join(fixtures, family, slug, kind);
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort();
    return Promise.all(
      names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
    );
  });
  return (await Promise.all(lists)).flat();
}

/** What each check reads of a mesh while it judges its fixtures, by the check's id; sorted by code unit. */
export async function recordReads() {
  const [{ audit }, { recorded }, { withOptions }, { catalogue }] = await loadSource(
    'src/audit.ts',
    'test/recorder.ts',
    'src/check/with-options.ts',
    'checks/index.ts',
  );
  const reads = new Map();
  for (const check of catalogue) {
    const read = new Set();
    for (const { name, text } of await fixturesOf(check)) {
      const scope = text.startsWith('# scope: partial\n') ? 'partial' : 'complete';
      const options = JSON.parse(/^# options: (.*)$/m.exec(text)?.[1] ?? '{}');
      const checks = [recorded(withOptions(check, options), read)];
      await audit({ sources: [{ path: name, text }], scope, checks });
    }
    reads.set(check.meta.id, [...read].sort());
  }
  return reads;
}
