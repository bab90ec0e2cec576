import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { AuditResult, Severity } from '#check/index.js';
import type { Scope } from '#mesh/mesh.js';
import type { FormatName } from '#report/formats.js';
import type { RenderOptions } from '#report/renderer.js';
import type { CliIo } from './cli-io.js';
import { send, wantsColor, widthOf } from './cli-io.js';
import { createProgress } from './progress.js';
import type { ReportTarget } from './report-targets.js';
import { reportTargets } from './report-targets.js';
import { selectChecks } from './select-checks.js';
import { writeWhole } from './write-file.js';

/** Options of `meshaudit audit`, as the command line gives them. */
export interface AuditFlags {
  readonly format?: readonly FormatName[];
  readonly output?: readonly string[];
  readonly failOn: Severity | 'never';
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly scope: Scope | 'auto';
  readonly also?: readonly string[];
  readonly stored?: true;
  readonly istioVersion?: string;
  readonly category?: string;
  readonly quiet?: true;
  readonly color: boolean;
  readonly progress: boolean;
}

/** Audits, writes every report that was asked for, and says with which code to exit. */
export async function runAudit(paths: readonly string[], flags: AuditFlags, io: CliIo): Promise<number> {
  const targets = reportTargets(flags, io.cwd);
  compileLess();
  const { audit, catalogue, exitCode } = await import('#index.js');
  const checks = selectChecks(catalogue, flags);
  const progress = createProgress(io.stderr, flags.progress && flags.quiet !== true);
  const result = await audit({
    ...inputsOf(paths, io),
    checks,
    also: flags.also ?? [],
    scope: flags.scope,
    stored: flags.stored === true,
    ...(flags.istioVersion === undefined ? {} : { istioVersion: flags.istioVersion }),
    onProgress: ({ done, total }) => {
      progress.update(`Reading ${String(done)} of ${String(total)} files`);
    },
  });
  progress.clear();
  for (const target of targets) await writeReport(result, target, { flags, io });
  await sayAside(result, targets, { flags, io });
  return exitCode(result, { failOn: flags.failOn });
}

/**
 * Lets V8 optimize only what runs long: an audit is over before the rest has paid for its compilation, which takes as
 * much of the processor as the audit itself. Set where the flag is known to exist; elsewhere V8 would complain aloud.
 */
function compileLess(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= 11 && major <= 13) setFlagsFromString('--interrupt-budget=500000');
}

interface Place {
  readonly flags: AuditFlags;
  readonly io: CliIo;
}

function inputsOf(paths: readonly string[], io: CliIo) {
  return {
    cwd: io.cwd,
    paths: paths.length === 0 ? ['.'] : paths,
    ...(paths.includes('-') ? { stdin: io.stdin } : {}),
  };
}

async function writeReport(
  result: AuditResult,
  { format, file }: ReportTarget,
  { flags, io }: Place,
): Promise<void> {
  const { render } = await import('#index.js');
  const options: RenderOptions = {
    color: file === undefined && wantsColor(io.stdout, io.env, flags.color),
    width: file === undefined ? widthOf(io.stdout, io.env) : 100,
    quiet: flags.quiet === true,
    failOn: flags.failOn,
    ...(flags.category === undefined ? {} : { category: flags.category }),
  };
  const text = await render(result, format, options);
  if (file === undefined) await send(io.stdout, text);
  else await writeWhole(path.resolve(io.cwd, file), text);
}

/** Where no table is printed, the reader of a log learns on standard error why the exit code is not 0. */
async function sayAside(
  result: AuditResult,
  targets: readonly ReportTarget[],
  { flags, io }: Place,
): Promise<void> {
  if (flags.quiet === true || targets.some(({ format, file }) => format === 'table' && file === undefined))
    return;
  const { summarize } = await import('#index.js');
  const written = targets.flatMap(({ file }) => (file === undefined ? [] : [`meshaudit: wrote ${file}`]));
  await send(
    io.stderr,
    `${[...written, ...summarize(result).map((line) => `meshaudit: ${line}`)].join('\n')}\n`,
  );
}
