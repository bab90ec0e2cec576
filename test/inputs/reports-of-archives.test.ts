import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runInMemory } from '../cli/run-in-memory.js';
import { tar, zip } from '../documents/archive/pack.js';
import { fakeTool } from './fake-tool.js';
import { meshFiles, printedStream } from './mesh-forms.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const validator = fileURLToPath(new URL('../../scripts/validate-sarif.mjs', import.meta.url));

const odd = Object.entries(meshFiles()).map(([name, text]) => ({ name: `a b/ü#?%!/${name}`, text }));
const hostile = [...odd, { name: '../../etc/a b.yaml', text: 'x' }, { name: 'cut.yaml', text: 'a: [' }];
writeFileSync(path.join(folder, 'the dump!.tar.gz'), gzipSync(tar(...hostile)));
writeFileSync(path.join(folder, 'b.zip'), zip(...hostile));
const helm = fakeTool(folder, 'helm', `out = ${JSON.stringify(printedStream())};`);

describe('places in archives and rendered texts', () => {
  it('are URIs that the SARIF validator takes, and the same in every run', async () => {
    const inputs = [['the dump!.tar.gz'], ['b.zip'], ['--helm', 'oci://example.com/charts/shop']];
    const files = inputs.map((_, index) => path.join(folder, `${String(index)}.sarif`));
    for (const [index, argv] of inputs.entries()) {
      const run = () =>
        runInMemory([...argv, '--format', 'sarif', '--fail-on', 'never'], {
          cwd: folder,
          env: { PATH: helm.bin, SOURCE_DATE_EPOCH: '1' },
        });
      const [{ stdout }, again] = [await run(), await run()];
      expect(again.stdout).toBe(stdout);
      writeFileSync(files[index] ?? '', stdout);
    }
    const { stdout } = spawnSync(process.execPath, [validator, ...files], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('3 SARIF file(s), 0 error(s)');
  });

  it('say archive and entry in one form', async () => {
    const { stdout } = await runInMemory(['the dump!.tar.gz', '--select', 'CAP-001', '--format', 'sarif'], {
      cwd: folder,
    });
    const uris = [...stdout.matchAll(/"uri": "([^"]*)"/g)].map(([, uri]) => uri);
    expect(uris).toContain('the%20dump!.tar.gz!/a%20b/%C3%BC%23%3F%25!/shop.yaml');
    expect(uris.filter((uri) => uri?.includes('..'))).toEqual([]);
    expect(stdout).toContain('The entry \\"../../etc/a b.yaml\\" has a path that leads out of the archive');
  });
});
