import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'meshaudit-')));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A program that does nothing but lay out a revision. */
async function compile(): Promise<string> {
  const outfile = path.join(folder, 'lay-out.mjs');
  await build({
    stdin: {
      contents: `import { checkOut } from '${root}src/cli/since.ts'; await checkOut('HEAD', process.cwd());`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '#temporary-folder.js': `${root}src/temporary-folder.ts` },
  });
  return outfile;
}

/** A git that says what it does, and does not come to the end of laying out files. */
function slowGit(): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!${process.execPath}
const [command, ...args] = process.argv.slice(2);
const fs = require('node:fs');
if (command === 'rev-parse') console.log(args.includes('--show-toplevel') ? ${JSON.stringify(folder)} : 'abc');
if (command === 'checkout-index') {
  fs.mkdirSync(args.at(-1).replace('--prefix=', ''), { recursive: true });
  fs.writeFileSync(${JSON.stringify(path.join(folder, 'begun'))}, '');
  setInterval(() => undefined, 1000);
}
`;
  writeFileSync(path.join(bin, 'git'), script);
  chmodSync(path.join(bin, 'git'), 0o755);
  return bin;
}

describe('an interrupt while --since lays out files', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing behind', async (signal) => {
    const [program, temporary] = [await compile(), path.join(folder, signal)];
    mkdirSync(temporary);
    rmSync(path.join(folder, 'bin'), { recursive: true, force: true });
    rmSync(path.join(folder, 'begun'), { force: true });
    const env = {
      ...process.env,
      PATH: `${slowGit()}${path.delimiter}${process.env['PATH'] ?? ''}`,
      TMPDIR: temporary,
    };
    const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: 'ignore' });
    const ended = new Promise<string | null>((resolve) => {
      child.once('exit', (_code, by) => {
        resolve(by);
      });
    });
    await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toContain('begun');
    expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^meshaudit-since-/)]);
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
