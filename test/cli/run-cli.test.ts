import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { didYouMean } from '#cli/did-you-mean.js';
import { version } from '#version.js';
import { runInMemory } from './run-in-memory.js';

const run = (...argv: string[]) => runInMemory(argv, { cwd: os.tmpdir() });

describe('command line', () => {
  it('prints help with options, examples and exit codes', async () => {
    const { exitCode, stdout, stderr } = await run('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const part of ['--fail-on', '--scope', 'Examples:', 'Exit codes:', 'checks [options] [id]']) {
      expect(stdout).toContain(part);
    }
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints its version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['--fromat', 'json'], /unknown option '--fromat'\n\(Did you mean --format\?\)/],
    [['-f', 'josn'], /'josn' is invalid\. Did you mean json\? One of table, json, /],
    [['--fail-on', 'hihg'], /Did you mean high\?/],
    [['--scope', 'all'], /One of partial, complete, auto\./],
    [['--select'], /argument missing/],
    [['--select', ','], /It is empty/],
    [['-f', 'json,sarif'], /would both go to standard output/],
    [['checks', 'a', 'b'], /too many arguments/],
  ])('refuses %j with exit code 2 and says what to do', async (argv, message) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^meshaudit: /);
  });
});

describe('did you mean', () => {
  it.each([
    ['hgih', ['high', 'info'], 'high'],
    ['MTLS-01', ['MTLS-001', 'AUTHZ-001'], 'MTLS-001'],
    ['mtsl', ['mtls', 'egress'], 'mtls'],
    ['banana', ['mtls', 'egress'], undefined],
    ['x', [], undefined],
  ])('%s', (typed, names, expected) => {
    expect(didYouMean(typed, names)).toBe(expected === undefined ? '' : ` Did you mean ${expected}?`);
  });
});
