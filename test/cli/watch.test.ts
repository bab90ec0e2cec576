import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '#cli/run-cli.js';
import { runInMemory } from './run-in-memory.js';

const fixtures = fileURLToPath(new URL('../../fixtures/meshes/bookinfo/insecure', import.meta.url));
const top = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-watch-'));
afterAll(() => {
  rmSync(top, { recursive: true });
});

const scratch = (): string => {
  const cwd = mkdtempSync(path.join(top, 'mesh-'));
  cpSync(fixtures, path.join(cwd, 'k8s'), { recursive: true });
  return cwd;
};

/** A stream whose text can be waited for. */
function heard(isTTY: boolean) {
  let text = '';
  let listeners: (() => void)[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      text += chunk;
      for (const listener of listeners) listener();
      done();
    },
  });
  /** Resolves with what was written since `from` when that matches. */
  const until = (pattern: RegExp, from = 0): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const rest = text.slice(from);
        if (!pattern.test(rest)) return;
        listeners = listeners.filter((each) => each !== look);
        resolve(rest);
      };
      listeners.push(look);
      look();
    });
  return {
    stream: Object.assign(stream, isTTY ? { isTTY: true, columns: 80 } : {}),
    until,
    text: () => text,
  };
}

function watching(argv: readonly string[], cwd: string, isTTY = false) {
  const stop = new AbortController();
  const [stdout, stderr] = [heard(isTTY), heard(false)];
  const ended = runCli([...argv, '--watch'], {
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    cwd,
    env: {},
    stop: stop.signal,
  });
  return { stdout, stderr, ended, stop };
}

describe('--watch', () => {
  it('audits again when a file changes, and counts what is new and what is fixed', async () => {
    const cwd = scratch();
    const file = path.join(cwd, 'k8s/policies.yaml');
    const policies = readFileSync(file, 'utf8');
    const { stdout, stderr, ended, stop } = watching(
      ['k8s', '--quiet', '-f', 'table', '-f', 'json', '-o', '-', '-o', 'k8s/report.json'],
      cwd,
    );
    await stderr.until(/Watching for changes; Ctrl-C ends\.\n/);
    let from = stderr.text().length;
    writeFileSync(file, '');
    expect(await stderr.until(/in all\. Watching/, from)).toMatch(/: \d+ new, [1-9]\d* fixed, \d+ in all/);
    from = stderr.text().length;
    writeFileSync(file, policies);
    expect(await stderr.until(/in all\. Watching/, from)).toMatch(/: [1-9]\d* new, \d+ fixed, \d+ in all/);
    stop.abort();
    expect(await ended).toBe(0);
    // Its own report lies among what is watched: it sets off no audit. Three there were, and the screen was left alone.
    expect(stdout.text().match(/Summary/g)).toHaveLength(3);
    expect(stdout.text()).not.toContain('\u001B[2J');
  });

  it('tells of a mistake in the config and goes on; clears a terminal', async () => {
    const cwd = scratch();
    const config = path.join(cwd, '.meshaudit.yaml');
    writeFileSync(config, 'paths: [k8s]\n');
    const { stdout, stderr, ended, stop } = watching(['--quiet', '--no-progress'], cwd, true);
    await stderr.until(/Watching for changes/);
    writeFileSync(config, 'paths: [k8s]\nprofle: strict\n');
    await stderr.until(/there is no setting "profle"/);
    const from = stderr.text().length;
    writeFileSync(config, 'paths: [k8s]\nprofile: strict\n');
    await stderr.until(/ new, .* in all/, from);
    stop.abort();
    expect(await ended).toBe(0);
    expect(stdout.text().split('\u001B[2J')).toHaveLength(4);
  });

  it.each([
    [['--since', 'HEAD'], '--watch does not go with --since'],
    [['--write-baseline', 'b.json'], '--watch does not go with --write-baseline'],
    [['--cluster'], '--watch does not go with --cluster'],
    [['-'], '--watch cannot watch standard input'],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, stderr } = await runInMemory([...argv, '--watch'], { cwd: scratch(), stdin: 'a: 1' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
