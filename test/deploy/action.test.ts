import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const top = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-action-'));
afterAll(() => {
  rmSync(top, { recursive: true });
});

interface Step {
  readonly id?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;

/** Values of `inputs.…` and `steps.<id>.outputs.…`, by the text between the braces. */
type Values = Map<string, string>;

/** What a runner makes of expressions; one that names nothing is a mistake of ours. */
function filled(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = values.get(expression);
    if (value === undefined) throw new Error(`nothing is called ${expression}`);
    return value;
  });
}

/** Runs a step as the runner does: the script in a file, bash with these very options, outputs by a file. */
function runStep({ id = '', run = '', env = {} }: Step, values: Values, cwd: string): number | null {
  const [script, output] = [path.join(top, 'step.sh'), path.join(top, 'output')];
  writeFileSync(script, filled(run, values));
  writeFileSync(output, '');
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
    cwd,
    env: {
      ...process.env,
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: path.join(top, 'summary'),
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value, values)])),
    },
  });
  for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean)) {
    const [name = '', ...rest] = line.split('=');
    values.set(`steps.${id}.outputs.${name}`, rest.join('='));
  }
  return status;
}

function runAction(given: Readonly<Record<string, string>>, cwd: string) {
  const inputs = Object.entries(action.inputs).map(([name, input]) => [
    `inputs.${name}`,
    given[name] ?? input.default,
  ]);
  const values: Values = new Map(inputs as [string, string][]);
  const statuses = action.runs.steps
    .filter(({ run }) => run !== undefined)
    .map((step) => runStep(step, values, cwd));
  return { statuses, outputs: Object.values(action.outputs).map(({ value }) => filled(value, values)) };
}

const scratch = (mesh: string): string => {
  const cwd = mkdtempSync(path.join(top, 'repository-'));
  cpSync(path.join(root, 'fixtures/meshes/bookinfo', mesh), path.join(cwd, 'k8s'), { recursive: true });
  return cwd;
};

describe("the Action's steps, run as the runner runs them", () => {
  it('name a shell wherever they run one, which composite actions demand', () => {
    const shells = action.runs.steps.map(({ run, shell, uses }) => (run === undefined ? uses : shell));
    expect(shells.every((shell) => shell === 'bash' || shell?.includes('@') === true)).toBe(true);
  });

  it('fail at the very end where there are findings', () => {
    const cwd = scratch('insecure');
    const { statuses, outputs } = runAction({ paths: 'k8s', 'fail-on': 'high' }, cwd);
    expect([statuses, outputs]).toEqual([
      [0, 1],
      ['1', 'meshaudit.sarif'],
    ]);
    expect(existsSync(path.join(cwd, 'meshaudit.sarif'))).toBe(true);
  });

  it('pass where there are none', () => {
    const { statuses, outputs } = runAction({ 'sarif-file': 'out.sarif' }, scratch('hardened'));
    expect([statuses, outputs]).toEqual([
      [0, 0],
      ['0', 'out.sarif'],
    ]);
  });

  it('fail with 2, without a report, where the options are wrong', () => {
    const { statuses, outputs } = runAction({ args: '--proflie=strict' }, scratch('hardened'));
    expect([statuses, outputs]).toEqual([
      [0, 2],
      ['2', ''],
    ]);
  });
});
