import type { Scope } from '#mesh/mesh.js';
import type { PostureCondition, PostureFilter } from '#posture/filter.js';
import type { PostureProperty } from '#posture/properties.js';
import type { PostureResult } from '#posture/result.js';
import { configuredForAll } from './audit-settings.js';
import type { CliIo } from './cli-io.js';
import { send, wantsColor, widthOf } from './cli-io.js';
import { didYouMean } from './did-you-mean.js';
import type { ClusterFlags } from './cluster-flags.js';
import { givenInput } from './given-input.js';
import type { TemplateFlags } from './template-flags.js';
import { createProgress } from './progress.js';
import { UsageError } from './usage-error.js';

/** Options of `meshaudit posture`, as the command line gives them. */
export interface PostureFlags extends ClusterFlags, TemplateFlags {
  readonly format: 'table' | 'json';
  readonly workload?: readonly string[];
  readonly namespace?: readonly string[];
  readonly where?: readonly string[];
  readonly scope?: Scope | 'auto';
  readonly also?: readonly string[];
  readonly stored?: true;
  readonly istioVersion?: string;
  readonly color: boolean;
  readonly progress: boolean;
}

/** Prints the posture of workloads; 0, or 2 when input could not be read or a workload is not there. */
export async function runPosture(paths: readonly string[], flags: PostureFlags, io: CliIo): Promise<number> {
  const { posture, postureProperties, renderPosture } = await import('#index.js');
  const filter = filterOf(flags, postureProperties);
  const given = await givenInput({ paths, flags, io });
  const { wafProducts, sensitive } = await configuredForAll(io);
  const progress = createProgress(io.stderr, flags.progress);
  const result = await posture({
    cwd: io.cwd,
    ...given,
    also: flags.also ?? [],
    scope: flags.scope ?? 'auto',
    stored: flags.stored === true,
    ...(flags.istioVersion === undefined ? {} : { istioVersion: flags.istioVersion }),
    filter,
    wafProducts,
    sensitive,
    onProgress: ({ done, total }) => {
      progress.update(`Reading ${String(done)} of ${String(total)} files`);
    },
  });
  progress.clear();
  const color = wantsColor(io.stdout, io.env, flags.color);
  await send(
    io.stdout,
    await renderPosture(result, flags.format, { color, width: widthOf(io.stdout, io.env) }),
  );
  const lost = await sayUnmatched(result, io);
  return lost || result.inputs.problems.some(({ fatal }) => fatal) ? 2 : 0;
}

function filterOf(flags: PostureFlags, properties: readonly PostureProperty[]): PostureFilter {
  const { workload, namespace, where } = flags;
  for (const name of workload ?? []) refuseUnnamed(name);
  return {
    ...(workload === undefined ? {} : { workloads: workload }),
    ...(namespace === undefined ? {} : { namespaces: namespace }),
    ...(where === undefined ? {} : { where: where.map((text) => parseCondition(text, properties)) }),
  };
}

function refuseUnnamed(name: string): void {
  const parts = name.split('/');
  if ((parts.length === 2 || parts.length === 3) && parts.every((part) => part !== '')) return;
  throw new UsageError(
    `--workload: "${name}" does not name a workload`,
    'Write namespace/name or namespace/Kind/name.',
  );
}

/** Reads `mtls=STRICT,PERMISSIVE` or `mtls!=STRICT`. */
export function parseCondition(text: string, properties: readonly PostureProperty[]): PostureCondition {
  const [, name = '', operator, list = ''] = /^\s*([^=!\s]*)\s*(!?=)\s*(.*)$/.exec(text) ?? [];
  const names = properties.map((property) => property.name);
  if (operator === undefined) {
    throw new UsageError(
      `--where: "${text}" is no condition`,
      `Write property=value or property!=value; properties: ${names.join(', ')}.`,
    );
  }
  const property = properties.find((each) => each.name === name.toLowerCase());
  if (property === undefined) {
    throw new UsageError(
      `--where: there is no property "${name}"`,
      `${didYouMean(name, names)} One of ${names.join(', ')}.`.trim(),
    );
  }
  const words = list.split(',').map((word) => wordOf(word.trim(), property));
  return { property, negated: operator === '!=', words };
}

function wordOf(typed: string, { name, words }: PostureProperty): string {
  const found = words.find((word) => word.toLowerCase() === typed.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(
    `--where: ${name} is never "${typed}"`,
    `${didYouMean(typed, words)} One of ${words.join(', ')}.`.trim(),
  );
}

/** Says which names of the filter fit nothing in the input. */
async function sayUnmatched({ unmatched }: PostureResult, io: CliIo): Promise<boolean> {
  for (const { part, named, candidates } of unmatched) {
    const hint = didYouMean(named, candidates);
    await send(
      io.stderr,
      `meshaudit: --${part}: the input holds no ${part} ${JSON.stringify(named)}.${hint}\n`,
    );
  }
  return unmatched.length > 0;
}
