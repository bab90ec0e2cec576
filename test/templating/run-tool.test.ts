import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runTool } from '#templating/run-tool.js';
import { fakeTool } from '../inputs/fake-tool.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (body: string, timeout?: number) => {
  const { bin } = fakeTool(path.join(folder, String(Math.random())), 'tool', body);
  const place = { cwd: folder, env: {}, title: 'tool build', ...(timeout === undefined ? {} : { timeout }) };
  return runTool({ command: path.join(bin, 'tool'), args: ['a b', '$(x)', '--'] }, place);
};

describe('running a tool', () => {
  it('hands arguments on as they are, without a shell', async () => {
    expect(await run('out = JSON.stringify(args);')).toBe('["a b","$(x)","--"]');
  });

  it('gives long output whole', async () => {
    expect(await run('out = "ä".repeat(300_000);')).toBe('ä'.repeat(300_000));
  });

  it('ends it after the timeout', async () => {
    const endless = `setInterval(() => undefined, 1000); process.exit = () => undefined;`;
    await expect(run(endless, 300)).rejects.toThrow(
      'tool build was ended by SIGTERM, after 0.3 seconds at most',
    );
  });

  it('shows the last lines of what the tool says, without control characters', async () => {
    const failing = run('[err, code] = ["first\\n".repeat(50) + "bad\\u0007 \\u001b[1mthing\\n", 3];');
    const hint: unknown = await failing.catch((error: unknown) => (error as { readonly hint: unknown }).hint);
    expect(hint).toBe(`${'  first\n'.repeat(11)}  bad thing\nSee that "tool build" works on its own.`);
  });

  it('says what cannot be started', async () => {
    const command = path.join(folder, 'nothing');
    await expect(runTool({ command, args: [] }, { cwd: folder, env: {}, title: 'x' })).rejects.toThrow(
      /x: cannot start .*ENOENT/,
    );
  });
});
