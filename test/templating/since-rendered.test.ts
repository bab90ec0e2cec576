import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runInMemory } from '../cli/run-in-memory.js';
import { fakeTool } from '../inputs/fake-tool.js';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'meshaudit-')));
const tools = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(tools, { recursive: true });
});
cpSync(fileURLToPath(new URL('../../fixtures/inputs/mesh', import.meta.url)), folder, { recursive: true });

/** Stands for kustomize where the kustomization takes in the files beside it and changes nothing. */
const { bin, calls } = fakeTool(
  tools,
  'kubectl',
  `const folder = args.at(-1);
  if (fs.readFileSync(path.join(folder, 'kustomization.yaml'), 'utf8').includes('buildMetadata')) code = 1;
  else out = ['platform', 'shop', 'tools'].map((name) => fs.readFileSync(path.join(folder, name + '.yaml'), 'utf8')).join('---\\n');`,
);

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

const audit = (...args: readonly string[]) =>
  runInMemory(['--kustomize', '.', '--select', 'MTLS-003', '--quiet', ...args], {
    cwd: folder,
    env: { PATH: bin },
  });

describe('--since with --kustomize', () => {
  it('renders the sources of the revision too', async () => {
    writeFileSync(
      path.join(folder, 'kustomization.yaml'),
      'resources: [platform.yaml, shop.yaml, tools.yaml]\n',
    );
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    const shop = path.join(folder, 'shop.yaml');
    const strict = readFileSync(shop, 'utf8').replace('PERMISSIVE', 'STRICT');
    expect((await audit()).exitCode).toBe(1);
    expect((await audit('--since', 'HEAD')).exitCode).toBe(0);
    expect(new Set(calls().map((args) => args.at(-1))).size).toBeGreaterThan(3);
    writeFileSync(shop, strict);
    expect((await audit()).exitCode).toBe(0);
    git('commit', '--quiet', '-a', '-m', 'strict');
    writeFileSync(shop, strict.replace('STRICT', 'PERMISSIVE'));
    expect((await audit('--since', 'HEAD')).exitCode).toBe(1);
  });
});
