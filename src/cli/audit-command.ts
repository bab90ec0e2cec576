import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { AuditResult, Severity } from '#check/index.js';
import type { TextSource } from '#documents/read-source.js';
import type { Scope } from '#mesh/mesh.js';
import type { FormatName } from '#report/formats.js';
import type { RenderOptions } from '#report/renderer.js';
import type { AuditOptions } from '#audit.js';
import type { Baseline } from '#check/baseline.js';
import { assumedSource } from '#config/assumed.js';
import { settleAudit, type AuditSettings } from './audit-settings.js';
import { readBaselineOf, writeBaseline } from './baseline.js';
import type { CliIo } from './cli-io.js';
import { send, wantsColor, widthOf } from './cli-io.js';
import { wantsCluster, type ClusterFlags } from './cluster-flags.js';
import { liveSources } from './live-cluster.js';
import { renderedSources } from './rendered-sources.js';
import type { TemplateFlags } from './template-flags.js';
import { wantsTemplates } from './template-flags.js';
import { createProgress } from './progress.js';
import type { ReportTarget } from './report-targets.js';
import { reportTargets } from './report-targets.js';
import { gradedChecks, selectChecks } from './select-checks.js';
import { requireFrameworks } from './select-frameworks.js';
import { UsageError } from './usage-error.js';
import { writeWhole } from './write-file.js';

/** Options of `meshaudit audit`, as the command line gives them. */
export interface AuditFlags extends ClusterFlags, TemplateFlags {
  readonly format?: readonly FormatName[];
  readonly output?: readonly string[];
  readonly failOn?: Severity | 'never';
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly profile?: string;
  readonly framework?: readonly string[];
  readonly scope?: Scope | 'auto';
  readonly also?: readonly string[];
  readonly stored?: true;
  readonly istioVersion?: string;
  readonly category?: string;
  /** A file; false: none, not even the one that lies there. */
  readonly config?: string | boolean;
  readonly waivers?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  /** A revision of git. */
  readonly since?: string;
  readonly watch?: true;
  readonly quiet?: true;
  readonly color: boolean;
  readonly progress: boolean;
}

/** An audit that was made and reported. */
export interface Audited {
  readonly settings: AuditSettings;
  readonly targets: readonly ReportTarget[];
  readonly result: AuditResult;
}

/** Audits, writes every report that was asked for, and says with which code to exit. */
export async function runAudit(typed: readonly string[], flags: AuditFlags, io: CliIo): Promise<number> {
  if (flags.watch === true) {
    const { watchAndAudit } = await import('./watch.js');
    return watchAndAudit(() => auditOnce(typed, flags, io), flags, io);
  }
  const { settings, result } = await auditOnce(typed, flags, io);
  const { exitCode } = await import('#index.js');
  const code = exitCode(result, { failOn: settings.failOn });
  return flags.writeBaseline === undefined ? code : writeBaseline(result, flags.writeBaseline, { code, io });
}

async function auditOnce(typed: readonly string[], flags: AuditFlags, io: CliIo): Promise<Audited> {
  const settings = await settleAudit(typed, flags, io);
  const targets = reportTargets(settings.reports, io.cwd);
  const asked =
    wantsCluster(flags) && settings.secretMetadata ? { ...flags, secretMetadata: true as const } : flags;
  const live = await liveSources({ paths: typed, flags: asked, io });
  const rendered = await renderedSources(flags, io);
  compileLess();
  const result = await auditAs({ ...settings, live, rendered, typed: typed.length > 0 }, flags, io);
  for (const target of targets) await writeReport(result, target, { flags, settings, io });
  await sayAside(result, targets, { flags, io });
  return { settings, targets, result };
}

/** Settings, and what a live cluster holds in place of the paths. */
interface LiveSettings extends AuditSettings {
  readonly live: readonly TextSource[] | undefined;
  /** What kustomize and helm have made; read beside paths that were typed, and in place of others. */
  readonly rendered: readonly TextSource[];
  readonly typed: boolean;
}

async function auditAs(settings: LiveSettings, flags: AuditFlags, io: CliIo): Promise<AuditResult> {
  const { audit } = await import('#index.js');
  const options = await auditOptions(settings, io);
  const progress = createProgress(io.stderr, flags.progress && flags.quiet !== true);
  const told = (what: string) => ({
    onProgress: ({ done, total }: { readonly done: number; readonly total: number }) => {
      progress.update(`Reading ${String(done)} of ${String(total)} files${what}`);
    },
  });
  const known = await readBaselineOf(settings, io);
  const before =
    flags.since === undefined
      ? undefined
      : await baselineAt(flags, { ...options, ...told(` of ${flags.since}`) }, io);
  const baselines = [known, before].filter((baseline) => baseline !== undefined);
  const result = await audit({ ...options, ...told(''), baselines });
  progress.clear();
  return result;
}

async function auditOptions(settings: LiveSettings, io: CliIo): Promise<AuditOptions> {
  const { catalogue } = await import('#index.js');
  const { live, rendered, typed, paths, also, scope, stored, istioVersion, environments } = settings;
  const { waivers, wafProducts, config } = settings;
  const fromFiles = live === undefined && (typed || rendered.length === 0);
  const assumed = config && assumedSource(config.config.assume, config.file);
  return {
    cwd: io.cwd,
    paths: fromFiles ? paths : [],
    ...(fromFiles && paths.includes('-') ? { stdin: io.stdin } : {}),
    sources: [...(live ?? []), ...rendered, ...(assumed === undefined ? [] : [{ ...assumed, also: true }])],
    ...(assumed === undefined ? {} : { assumed: assumed.says }),
    checks: gradedChecks(selectChecks(catalogue, settings), settings, catalogue),
    frameworks: requireFrameworks(settings.frameworks),
    also,
    scope,
    stored,
    waivers,
    wafProducts,
    today: timeOf(io.env).toISOString().slice(0, 10),
    ...(environments === undefined ? {} : { environments }),
    ...(istioVersion === undefined ? {} : { istioVersion }),
  };
}

/** What an audit of the same paths finds at a revision: what the change since then is held against. */
async function baselineAt(flags: AuditFlags, options: AuditOptions, io: CliIo): Promise<Baseline> {
  const { since: revision = '' } = flags;
  if (options.paths?.includes('-') === true)
    throw new UsageError('--since cannot know what standard input was before', 'Name files.');
  if (options.paths?.length === 0 && !wantsTemplates(flags))
    throw new UsageError('--since cannot know what a live cluster was before', 'Use --baseline.');
  const { audit, baselineOf } = await import('#index.js');
  const { checkOut } = await import('./since.js');
  const checkout = await checkOut(revision, io.cwd);
  try {
    const { cwd, pathOf } = checkout;
    const rendered = await renderedSources(flags, { cwd, pathOf, env: io.env });
    const { findings } = await audit({
      ...options,
      sources: [...rendered, ...(options.sources ?? []).filter(({ also }) => also === true)],
      cwd: checkout.cwd,
      paths: (options.paths ?? []).map(checkout.pathOf),
      also: (options.also ?? []).map(checkout.pathOf),
    });
    return { name: revision, entries: baselineOf(findings) };
  } finally {
    await checkout.remove();
  }
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

async function writeReport(
  result: AuditResult,
  { format, file }: ReportTarget,
  { flags, settings, io }: Place & { readonly settings: AuditSettings },
): Promise<void> {
  const { render } = await import('#index.js');
  const options: RenderOptions = {
    color: file === undefined && wantsColor(io.stdout, io.env, flags.color),
    width: file === undefined ? widthOf(io.stdout, io.env) : 100,
    quiet: flags.quiet === true,
    failOn: settings.failOn,
    now: timeOf(io.env),
    ...(flags.category === undefined ? {} : { category: flags.category }),
  };
  const text = await render(result, format, options);
  if (file === undefined) await send(io.stdout, text);
  else await writeWhole(path.resolve(io.cwd, file), text);
}

/** Now, or the time that SOURCE_DATE_EPOCH sets (seconds since 1970) for reports that can be reproduced. */
function timeOf(env: CliIo['env']): Date {
  const seconds = Number(env['SOURCE_DATE_EPOCH'] ?? Number.NaN);
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : new Date();
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
