import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formats } from '#report/formats.js';
import { options } from '../report/render-options.js';
import { sampleResult } from '../report/sample-result.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const yaml = (name: string): unknown => parse(read(name));
const long = (text: string): readonly string[] => [...new Set(text.match(/--[a-z][a-z-]+/g))];
const help = execFileSync(process.execPath, ['bin/meshaudit.js', 'audit', '--help'], {
  cwd: root,
  encoding: 'utf8',
});

/** Options of npm and git in the same scripts. */
const ofOthers = ['--no-audit', '--no-fund', '--loglevel', '--silent', '--verify'];

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: readonly { readonly env?: Readonly<Record<string, string>> }[] };
}

describe('the GitHub Action', () => {
  const action = yaml('action.yml') as Action;

  it('hands inputs to the shell as variables only, so that no input is run as a script', () => {
    const { env = {} } = action.runs.steps.find((step) => step.env?.['MESHAUDIT_PATHS'] !== undefined) ?? {};
    const handed = Object.values(env).map((value) => /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1]);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(handed));
    expect(read('action.yml')).not.toMatch(/run: .*\$\{\{/);
  });

  const run = (given: Readonly<Record<string, string>>) => {
    const output = path.join(folder, 'output');
    const summary = path.join(folder, 'summary');
    for (const file of [output, summary]) writeFileSync(file, '');
    const { status, stdout } = spawnSync('bash', [path.join(root, 'deploy/github/audit.sh')], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...given,
      },
    });
    return { status, stdout, output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8') };
  };

  it('audits, writes report and summary, and leaves the verdict to the last step', () => {
    cpSync(path.join(root, 'fixtures/meshes/bookinfo/insecure'), path.join(folder, 'k8s'), {
      recursive: true,
    });
    const { status, stdout, output, summary } = run({ MESHAUDIT_PATHS: 'k8s', MESHAUDIT_FAIL_ON: 'high' });
    expect([status, output]).toEqual([0, 'exit-code=1\nsarif-file=meshaudit.sarif\n']);
    expect(stdout).toContain('Summary');
    expect(summary).toMatch(/^## meshaudit: \d+ findings/);
    expect(JSON.parse(readFileSync(path.join(folder, 'meshaudit.sarif'), 'utf8'))).toHaveProperty('runs');
  });

  it('takes a path for a path and an option for an option, whatever they hold', () => {
    const { output } = run({ MESHAUDIT_PATHS: '$(touch${IFS}pwned);--help', MESHAUDIT_ARGS: '--quiet' });
    expect(output).toMatch(/^exit-code=2\n/);
    expect(existsSync(path.join(folder, 'pwned'))).toBe(false);
  });
});

describe('the pre-commit hook', () => {
  const scratch = path.join(folder, 'scratch');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: scratch,
      encoding: 'utf8',
    });
  const [hook] = yaml('.pre-commit-hooks.yaml') as readonly { readonly entry: string }[];
  const run = () =>
    spawnSync(path.join(root, hook?.entry ?? ''), ['--quiet'], { cwd: scratch, encoding: 'utf8' });

  it('lets what is committed be, and stops what is new', () => {
    cpSync(path.join(root, 'fixtures/meshes/bookinfo/insecure'), path.join(scratch, 'k8s'), {
      recursive: true,
    });
    git('init', '--quiet');
    expect(run().status).toBe(1);
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    expect(run().status).toBe(0);
    const policies = path.join(scratch, 'k8s', 'more.yaml');
    writeFileSync(
      policies,
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: open, namespace: bookinfo }\nspec: { rules: [{}] }\n',
    );
    expect(run().status).toBe(1);
  });
});

describe('what users copy', () => {
  it.each([
    'deploy/pre-commit/meshaudit.sh',
    'deploy/gitlab/meshaudit.gitlab-ci.yml',
    'deploy/github/audit.sh',
  ])('%s names only options that there are', (name) => {
    const used = long(read(name)).filter((option) => !ofOthers.includes(option));
    expect(used.filter((option) => !help.includes(option))).toEqual([]);
  });

  it('asks GitLab for reports that are written', () => {
    const text = read('deploy/gitlab/meshaudit.gitlab-ci.yml');
    const { meshaudit } = parse(text) as {
      meshaudit: { artifacts: { reports: Readonly<Record<string, string>> } };
    };
    for (const file of Object.values(meshaudit.artifacts.reports)) expect(text).toContain(`-o ${file}`);
    const named = [...text.matchAll(/-f ([a-z-]+)/g)].map((match) => match[1]);
    expect(Object.keys(formats)).toEqual(expect.arrayContaining(named));
  });

  it('puts into the image all that the command needs, and runs as nobody', () => {
    const dockerfile = read('Dockerfile');
    const copied = [...dockerfile.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' ').map((source) => source.replace('/src/', '')),
    );
    const image = path.join(folder, 'image');
    for (const name of copied) {
      mkdirSync(path.dirname(path.join(image, name)), { recursive: true });
      cpSync(path.join(root, name), path.join(image, name), { recursive: true });
    }
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        path.join(image, 'bin/meshaudit.js'),
        'k8s',
        '--quiet',
        '-f',
        'table',
        '-f',
        'sarif',
        '-o',
        '-',
        '-o',
        'image.sarif',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([1, expect.stringContaining('findings')]);
    expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  });
});

describe('metrics', () => {
  it('are those that alerts and dashboard ask for', async () => {
    const text = (await formats.metrics())(sampleResult, options);
    const written = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
    const asked = ['deploy/prometheus/meshaudit.rules.yaml', 'deploy/grafana/meshaudit.json'].flatMap(
      (name) => read(name).match(/meshaudit_[a-z_]+/g) ?? [],
    );
    expect(asked.filter((name) => !written.has(name))).toEqual([]);
  });
});
