import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runInMemory } from '../cli/run-in-memory.js';
import { tar, zip } from '../documents/archive/pack.js';
import { fakeTool } from './fake-tool.js';
import { clusterInfoDump, jsonDump, meshFiles, printedStream, yamlList } from './mesh-forms.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Report {
  readonly findings: readonly { readonly checkId: string; readonly fingerprint: string }[];
  readonly inputs: { readonly problems: readonly unknown[] };
}

/** What is found, as `check fingerprint`, sorted. */
async function found(argv: readonly string[], stdin?: string, bin?: string): Promise<readonly string[]> {
  const { stdout } = await runInMemory(
    [...argv, '--profile', 'strict', '--scope', 'complete', '--format', 'json', '--fail-on', 'never'],
    { cwd: folder, ...(stdin === undefined ? {} : { stdin }), env: { PATH: bin ?? '' } },
  );
  const report = JSON.parse(stdout) as Report;
  expect(report.inputs.problems).toEqual([]);
  return report.findings.map(({ checkId, fingerprint }) => `${checkId} ${fingerprint}`).sort();
}

function write(name: string, content: string | Buffer): string {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
  return name;
}

for (const [name, text] of Object.entries(meshFiles())) write(`files/${name}`, text);
const files = await found(['files']);

describe('one mesh has the same fingerprints in every form', () => {
  const packed = Object.entries(meshFiles()).map(([name, text]) => ({
    name: `repo-1a2b3c/mesh/${name}`,
    text,
  }));

  it('holds something to be found', () => {
    expect(files.length).toBeGreaterThan(8);
    expect(new Set(files.map((line) => line.split(' ')[1])).size).toBe(files.length);
  });

  it.each<readonly [string, () => Readonly<Record<string, string | Buffer>>]>([
    ['files of other names, in other folders', () => ({ 'moved/a/1.yml': printedStream() })],
    ['one List', () => ({ 'list.yaml': yamlList() })],
    ['the dump of a cluster', () => ({ 'dump.json': jsonDump() })],
    [
      'the dump in a tar.gz',
      () => ({ 'dump.tar.gz': gzipSync(tar({ name: 'out/dump.json', text: jsonDump() })) }),
    ],
    ['the files in a tar.gz', () => ({ 'files.tgz': gzipSync(tar(...packed)) })],
    ['the files in a zip', () => ({ 'files.zip': zip(...packed) })],
  ])('%s', async (_form, make) => {
    const [name = '', content = ''] = Object.entries(make())[0] ?? [];
    expect(await found([write(name, content)])).toEqual(files);
  });

  it('standard input', async () => {
    expect(await found(['-'], printedStream())).toEqual(files);
  });

  it('what kustomize prints', async () => {
    const { bin } = fakeTool(folder, 'kustomize', `out = ${JSON.stringify(printedStream())};`);
    expect(await found(['--kustomize', 'files'], undefined, bin)).toEqual(files);
  });

  it('kubectl cluster-info dump, as far as it goes', async () => {
    const ofWorkloads = (lines: readonly string[]) => lines.filter((line) => /^(?:WL|CAP)-/.test(line));
    const partly = await found([write('info.txt', clusterInfoDump()), 'files/platform.yaml']);
    expect(ofWorkloads(files).length).toBeGreaterThan(2);
    expect(ofWorkloads(partly)).toEqual(ofWorkloads(files));
  });

  it('so that a baseline made of files holds for the dump and the archive', async () => {
    write('dump.json', jsonDump());
    write('files.tgz', gzipSync(tar(...packed)));
    const args = ['--profile', 'strict', '--scope', 'complete', '--quiet'];
    const run = (...argv: readonly string[]) => runInMemory([...argv, ...args], { cwd: folder });
    expect((await run('files', '--write-baseline', 'known.json')).exitCode).toBe(0);
    expect((await run('dump.json')).exitCode).toBe(1);
    for (const input of ['dump.json', 'files.tgz'])
      expect((await run(input, '--baseline', 'known.json')).exitCode).toBe(0);
  });
});
