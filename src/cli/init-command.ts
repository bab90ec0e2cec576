import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InputDescription } from '#index.js';
import { configText } from '#config/init/config-text.js';
import { githubWorkflow, gitlabJob, gitlabPipeline } from '#config/init/ci-text.js';
import { preCommitText } from '#config/init/pre-commit-text.js';
import { version } from '#version.js';
import { send, type CliIo } from './cli-io.js';
import { askAtTerminal, type InitAnswers } from './init-questions.js';
import { createProgress } from './progress.js';
import { UsageError } from './usage-error.js';
import { writeWhole } from './write-file.js';

/** Options of `meshaudit init`, as the command line gives them. */
export interface InitFlags {
  readonly yes?: true;
  readonly paths?: readonly string[];
  readonly profile?: 'baseline' | 'strict';
  readonly ci?: 'github' | 'gitlab' | 'none';
  readonly preCommit?: true;
  readonly force?: true;
}

/** Files to write, by their names relative to the working directory, and what is left for people to do. */
interface Plan {
  readonly files: readonly { readonly name: string; readonly text: string; readonly mayReplace: boolean }[];
  readonly todo: readonly string[];
}

/** More folders than this are one: the whole directory. */
const mostPaths = 6;

const configFile = '.meshaudit.yaml';

/** Looks at the directory, asks on a terminal, and writes a config, and what CI needs. Never replaces a file unasked. */
export async function runInit(flags: InitFlags, io: CliIo): Promise<number> {
  refuseExisting([configFile], flags, io);
  const found = await look(flags, io);
  await send(io.stdout, `${foundText(found)}\n`);
  const given = answersOf(flags, found, io);
  const asks =
    flags.yes !== true && 'isTTY' in io.stdin && io.stdin.isTTY === true && io.stdout.isTTY === true;
  const answers = asks ? await askAtTerminal(io, given) : given;
  if (answers === undefined) {
    await send(io.stderr, '\nmeshaudit: nothing was written.\n');
    return 130;
  }
  const plan = await planOf(answers, found, io);
  refuseExisting(
    plan.files.filter(({ mayReplace }) => !mayReplace).map(({ name }) => name),
    flags,
    io,
  );
  for (const { name, text } of plan.files) {
    const file = path.join(io.cwd, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeWhole(file, text);
    await send(io.stdout, `wrote ${name}\n`);
  }
  await send(io.stdout, `${nextSteps(plan)}\n`);
  return 0;
}

async function look({ paths = ['.'] }: InitFlags, io: CliIo): Promise<InputDescription> {
  const { describeInput } = await import('#index.js');
  const progress = createProgress(io.stderr, true);
  const found = await describeInput({
    cwd: io.cwd,
    paths,
    onProgress: ({ done, total }) => {
      progress.update(`Reading ${String(done)} of ${String(total)} files`);
    },
  });
  progress.clear();
  return found;
}

function refuseExisting(names: readonly string[], { force }: InitFlags, { cwd }: CliIo): void {
  const there = names.find((name) => existsSync(path.join(cwd, name)));
  if (there !== undefined && force !== true)
    throw new UsageError(`${there} is there already; nothing was written`, '--force replaces it.');
}

function foundText({ folders, environments, istioVersions }: InputDescription): string {
  if (folders.length === 0) return 'Found no manifests of Kubernetes here.';
  const lines = folders
    .slice(0, 20)
    .map(
      ({ path: folder, resources, meshResources }) =>
        `  ${folder}: ${String(resources)} resources, ${String(meshResources)} of them Istio's or the Gateway API's`,
    );
  const rest = folders.length > 20 ? [`  and ${String(folders.length - 20)} folders more`] : [];
  const names = environments.length === 0 ? [] : [`Environments: ${environments.slice(0, 10).join(', ')}`];
  const releases = istioVersions.length === 0 ? [] : [`Istio: ${istioVersions.join(', ')}`];
  return ['Found:', ...lines, ...rest, ...names, ...releases].join('\n');
}

function answersOf(flags: InitFlags, { folders }: InputDescription, { cwd }: CliIo): InitAnswers {
  const there = folders.map(({ path: folder }) => folder);
  const isOne = there.length === 0 || there.length > mostPaths || there.includes('.');
  const offered = (file: string): boolean => flags.yes !== true && existsSync(path.join(cwd, file));
  const ci = offered('.gitlab-ci.yml') ? 'gitlab' : offered('.github') ? 'github' : 'none';
  return {
    paths: flags.paths ?? (isOne ? ['.'] : there),
    profile: flags.profile ?? 'baseline',
    ci: flags.ci ?? ci,
    preCommit: flags.preCommit ?? offered('.pre-commit-config.yaml'),
  };
}

async function planOf(answers: InitAnswers, found: InputDescription, io: CliIo): Promise<Plan> {
  const { environments, istioVersions } = found;
  const config = configText({ ...answers, environments, showsRelease: istioVersions.length > 0 });
  const plans = [
    { files: [{ name: configFile, text: config, mayReplace: false }], todo: [] },
    ciPlan(answers, io),
    answers.preCommit ? await preCommitPlan(io) : { files: [], todo: [] },
  ];
  return { files: plans.flatMap(({ files }) => files), todo: plans.flatMap(({ todo }) => todo) };
}

function ciPlan({ ci }: InitAnswers, { cwd }: CliIo): Plan {
  if (ci === 'none') return { files: [], todo: [] };
  if (ci === 'github') {
    const name = '.github/workflows/meshaudit.yml';
    return { files: [{ name, text: githubWorkflow(version), mayReplace: false }], todo: [] };
  }
  const job = { name: '.gitlab/meshaudit.yml', text: gitlabJob(version), mayReplace: false };
  const include = `/${job.name}`;
  if (existsSync(path.join(cwd, '.gitlab-ci.yml')))
    return { files: [job], todo: [`Add to .gitlab-ci.yml:  include: [{ local: ${include} }]`] };
  const pipeline = { name: '.gitlab-ci.yml', text: gitlabPipeline(include), mayReplace: false };
  return { files: [job, pipeline], todo: [] };
}

async function preCommitPlan({ cwd }: CliIo): Promise<Plan> {
  const name = '.pre-commit-config.yaml';
  const existing = await readFile(path.join(cwd, name), 'utf8').catch(() => undefined);
  const text = preCommitText(existing, version);
  if (text !== undefined)
    return { files: [{ name, text, mayReplace: true }], todo: ['Run: pre-commit install'] };
  const why =
    existing?.includes('meshaudit') === true ? 'has the hook already' : 'is none that can be added to';
  return { files: [], todo: [`${name} ${why}: it was left as it is.`] };
}

function nextSteps({ todo }: Plan): string {
  return [
    '',
    'Next:',
    ...todo.map((step) => `  ${step}`),
    '  meshaudit                                   audits what the config names',
    '  meshaudit --write-baseline baseline.json    accepts what there is, so that only what is new counts',
    '  meshaudit checks <id>                       explains a finding',
  ].join('\n');
}
