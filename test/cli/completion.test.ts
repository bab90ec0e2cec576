import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { runInMemory } from './run-in-memory.js';

const script = async (shell: string): Promise<string> =>
  (await runInMemory(['completion', shell], { cwd: os.tmpdir() })).stdout;

/** What bash offers for a command line that ends in the given words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const line = ['meshaudit', ...words].map((word) => `'${word}'`).join(' ');
  const run = `${await script('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${String(words.length)}; _meshaudit; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', run], { encoding: 'utf8', cwd: '/' }).trim().split('\n');
}

describe('completion', () => {
  it('offers commands, the options of a command, and the values of an option', async () => {
    expect(await offered('pos')).toEqual(['posture']);
    expect(await offered('--fail')).toEqual(['--fail-on']);
    expect(await offered('posture', '--work')).toEqual(['--workload']);
    expect(await offered('audit', '--fail-on', 'm')).toEqual(['medium']);
    expect(await offered('-f', 'gitlab')).toEqual(['gitlab-code-quality', 'gitlab-sast']);
  });

  it('offers files where nothing else is wanted', async () => {
    expect(await offered('audit', 'tm')).toContain('tmp');
  });

  it('is written for zsh and fish too', async () => {
    expect(await script('zsh')).toMatch(/^#compdef meshaudit\n/);
    expect(await script('fish')).toContain("-l fail-on -x -a 'critical high medium low info never'");
  });

  it('knows no other shell', async () => {
    expect((await runInMemory(['completion', 'tcsh'], { cwd: os.tmpdir() })).exitCode).toBe(2);
  });
});
