import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '#cli/run-cli.js';
import { loadConfig } from '#config/load-config.js';
import { configText } from '#config/init/config-text.js';
import { preCommitText } from '#config/init/pre-commit-text.js';
import { memory, runInMemory } from './run-in-memory.js';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const top = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-init-'));
afterAll(() => {
  rmSync(top, { recursive: true });
});

let count = 0;
let cwd = top;
beforeEach(() => {
  cwd = path.join(top, String(count++));
  mkdirSync(cwd);
  for (const name of ['apps', 'platform'])
    cpSync(path.join(fixtures, 'meshes/bookinfo/insecure'), path.join(cwd, name), { recursive: true });
  mkdirSync(path.join(cwd, 'src'));
  writeFileSync(path.join(cwd, 'src/index.js'), 'export {};\n');
});

const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');
const config = () => loadConfig(path.join(cwd, '.meshaudit.yaml'), cwd);

describe('meshaudit init', () => {
  it('writes a config of what is found, which the next audit takes', async () => {
    const ran = await runInMemory(['init', '--yes'], { cwd });
    expect([ran.exitCode, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/ {2}apps: \d+ resources, \d+ of them[^]*wrote \.meshaudit\.yaml\n[^]*Next:/);
    expect((await config()).config).toMatchObject({ paths: ['apps', 'platform'], profile: 'baseline' });
    expect((await runInMemory(['--quiet'], { cwd })).exitCode).toBe(1);
  });

  it('asks nothing where nobody is there to answer', async () => {
    expect((await runInMemory(['init', '--paths', 'apps', '--profile', 'strict'], { cwd })).exitCode).toBe(0);
    expect((await config()).config).toMatchObject({ paths: ['apps'], profile: 'strict' });
  });

  it('replaces no file unless it is told to', async () => {
    writeFileSync(path.join(cwd, '.meshaudit.yaml'), 'failOn: high\n');
    const refused = await runInMemory(['init', '--yes'], { cwd });
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      'meshaudit: .meshaudit.yaml is there already; nothing was written.\n--force replaces it.\n',
    ]);
    expect(read('.meshaudit.yaml')).toBe('failOn: high\n');
    expect((await runInMemory(['init', '--yes', '--force'], { cwd })).exitCode).toBe(0);
    expect((await config()).config.failOn).toBe('low');
  });

  it('writes nothing at all when one of the files is there', async () => {
    mkdirSync(path.join(cwd, '.github/workflows'), { recursive: true });
    writeFileSync(path.join(cwd, '.github/workflows/meshaudit.yml'), 'mine\n');
    expect((await runInMemory(['init', '--yes', '--ci', 'github'], { cwd })).exitCode).toBe(2);
    expect(existsSync(path.join(cwd, '.meshaudit.yaml'))).toBe(false);
    expect(read('.github/workflows/meshaudit.yml')).toBe('mine\n');
  });

  it('writes a job for GitHub, and adds the hook to the hooks there are', async () => {
    writeFileSync(
      path.join(cwd, '.pre-commit-config.yaml'),
      '# ours\nrepos:\n  - repo: local # first\n    hooks: []\n',
    );
    const { exitCode } = await runInMemory(['init', '--yes', '--ci', 'github', '--pre-commit'], { cwd });
    expect(exitCode).toBe(0);
    expect(Object.keys(parse(read('.github/workflows/meshaudit.yml')) as object)).toContain('jobs');
    const hooks = read('.pre-commit-config.yaml');
    expect(hooks).toMatch(/^# ours\nrepos:\n {2}- repo: local # first\n/);
    expect(parse(hooks)).toMatchObject({ repos: [{ repo: 'local' }, { hooks: [{ id: 'meshaudit' }] }] });
    expect(preCommitText(hooks, '1.0.0')).toBeUndefined();
  });

  it('leaves the pipeline of GitLab to its owner, and says what to add', async () => {
    writeFileSync(path.join(cwd, '.gitlab-ci.yml'), 'stages: [test]\n');
    const { stdout } = await runInMemory(['init', '--yes', '--ci', 'gitlab'], { cwd });
    expect(stdout).toContain('include: [{ local: /.gitlab/meshaudit.yml }]');
    expect(read('.gitlab-ci.yml')).toBe('stages: [test]\n');
    expect(parse(read('.gitlab/meshaudit.yml'))).toHaveProperty('meshaudit.script');
  });

  it('is content with a directory that holds nothing yet', async () => {
    const empty = path.join(cwd, 'src');
    const { exitCode, stdout } = await runInMemory(['init'], { cwd: empty });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Found no manifests/)]);
  });
});

describe('the questions of meshaudit init', () => {
  /** Answers each prompt with the next text; `undefined` is Ctrl-C. */
  const answering = async (answers: readonly (string | undefined)[], argv: readonly string[] = []) => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const kept = memory(80);
    const left = [...answers];
    let seen = 0;
    const write = kept.stream.write.bind(kept.stream);
    const stdout = Object.assign(kept.stream, {
      write: (chunk: string, ...rest: readonly never[]) => {
        const done = write(chunk, ...rest);
        const prompts =
          kept.text().match(/\? \([^)]*\) \[[^\]]*\] |separated by spaces\? \[[^\]]*\] /g)?.length ?? 0;
        if (prompts > seen) {
          seen = prompts;
          const next = left.shift();
          setImmediate(() => stdin.write(next === undefined ? '\u0003' : `${next}\r`));
        }
        return done;
      },
    });
    const stderr = memory();
    const exitCode = await runCli(['init', ...argv], { stdin, stdout, stderr: stderr.stream, cwd, env: {} });
    return { exitCode, stdout: kept.text(), stderr: stderr.text() };
  };

  it('take what was found for an empty answer', async () => {
    expect((await answering(['', '', '', ''])).exitCode).toBe(0);
    expect((await config()).config).toMatchObject({ paths: ['apps', 'platform'], profile: 'baseline' });
    expect(existsSync(path.join(cwd, '.pre-commit-config.yaml'))).toBe(false);
  });

  it('are put again after a word that is none', async () => {
    const { stdout } = await answering(['apps', 'strickt', 'strict', 'github', 'yes']);
    expect(stdout).toContain('"strickt" is none of them. Did you mean strict?');
    expect((await config()).config).toMatchObject({ paths: ['apps'], profile: 'strict' });
    expect(existsSync(path.join(cwd, '.github/workflows/meshaudit.yml'))).toBe(true);
    expect(existsSync(path.join(cwd, '.pre-commit-config.yaml'))).toBe(true);
  });

  it('can be broken off, and then nothing is written', async () => {
    const { exitCode, stderr } = await answering(['apps', undefined]);
    expect([exitCode, stderr]).toEqual([130, '\nmeshaudit: nothing was written.\n']);
    expect(existsSync(path.join(cwd, '.meshaudit.yaml'))).toBe(false);
  });

  it('are not put with --yes', async () => {
    expect((await answering([], ['--yes'])).exitCode).toBe(0);
  });
});

describe('a new config', () => {
  it('is valid with every setting that it suggests', async () => {
    const text = configText({ paths: ['k8s'], profile: 'strict', environments: [], showsRelease: false });
    const settings = 'istioVersion|environments|also|sensitive|options|waivers|baseline';
    const all = text.replaceAll(new RegExp(`^# (?=(?:${settings}):|  )`, 'gm'), '');
    writeFileSync(path.join(cwd, '.meshaudit.yaml'), all);
    const { config: read } = await config();
    expect(Object.keys(read)).toEqual(expect.arrayContaining(settings.split('|')));
  });

  it.each(['a b', '- x', '"', '#', 'ä: ö', '*.yaml', '{{x}}', 'true', '1.29', '\n'])(
    'holds the path %j',
    (name) => {
      const text = configText({
        paths: [name],
        profile: 'baseline',
        environments: [name],
        showsRelease: true,
      });
      expect(parse(text)).toMatchObject({ paths: [name], profile: 'baseline' });
    },
  );
});
