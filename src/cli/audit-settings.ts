import path from 'node:path';
import { findConfig } from '#config/find-config.js';
import type { LoadedConfig } from '#config/load-config.js';
import type { Severity } from '#check/index.js';
import type { OwnProfile, SensitivePart } from '#config/generated/config-types.js';
import type { Scope } from '#mesh/mesh.js';
import type { OwnProduct } from '#policy/waf/merge-products.js';
import type { AuditFlags } from './audit-command.js';
import type { CliIo } from './cli-io.js';
import { wantsCluster } from './cluster-flags.js';
import { formatNames, oneOf } from './option-values.js';
import type { WantedReports } from './report-targets.js';
import { UsageError } from './usage-error.js';

/** What an audit is to do: the command line, and where it is silent the config. */
export interface AuditSettings {
  /** As the loader takes them: absolute or relative to the working directory. */
  readonly paths: readonly string[];
  readonly also: readonly string[];
  readonly scope: Scope | 'auto';
  readonly stored: boolean;
  readonly istioVersion: string | undefined;
  /** Whether names and types of Secrets of a live cluster are listed. */
  readonly secretMetadata: boolean;
  readonly environments: Readonly<Record<string, readonly string[]>> | undefined;
  readonly reports: WantedReports;
  readonly failOn: Severity | 'never';
  readonly select: readonly string[] | undefined;
  readonly ignore: readonly string[] | undefined;
  readonly profile: string | undefined;
  readonly profiles: Readonly<Record<string, OwnProfile>>;
  readonly frameworks: readonly string[];
  readonly severity: Readonly<Record<string, Severity>>;
  /** Options of checks, by id; valid. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly sensitive: readonly SensitivePart[];
  /** Web application firewalls of the config. */
  readonly wafProducts: readonly OwnProduct[];
  readonly waivers: LoadedConfig['waivers'];
  /** File of the baseline to hold the findings against. */
  readonly baseline: string | undefined;
  readonly config: LoadedConfig | undefined;
}

/**
 * Settles what an audit is to do. Lists on the command line replace those of the config; waivers add up.
 *
 * @throws UsageError when a config or a file of waivers cannot be used.
 */
export async function settleAudit(
  typed: readonly string[],
  flags: AuditFlags,
  io: CliIo,
): Promise<AuditSettings> {
  const loaded = await readConfig(flags, io);
  const { config = {}, folder = io.cwd } = loaded ?? {};
  const paths: Relative = (names = []) =>
    names.map((name) => path.relative(io.cwd, path.resolve(folder, name)).replaceAll(path.sep, '/') || '.');
  return {
    ...inputSettings(typed, flags, { config, paths }),
    reports: flags.format === undefined && flags.output === undefined ? reportsOf(loaded) : flags,
    ...checkSettings(flags, config),
    waivers: [...(loaded?.waivers ?? []), ...(await waiversOf(flags, io))],
    baseline: flags.baseline ?? (config.baseline && paths([config.baseline])[0]),
    config: loaded,
  };
}

/**
 * What every command takes from the config that lies in the working directory or above it; other commands than `audit` read
 * nothing else of it.
 */
export async function configuredForAll(io: CliIo): Promise<{
  readonly wafProducts: readonly OwnProduct[];
  readonly sensitive: readonly SensitivePart[];
}> {
  const loaded = await readConfig({}, io);
  const { wafProducts = [], sensitive = [] } = loaded?.config ?? {};
  return { wafProducts, sensitive };
}

/** Paths of a config as seen from the working directory. */
type Relative = (names?: readonly string[]) => readonly string[];

interface Written {
  readonly config: LoadedConfig['config'];
  readonly paths: Relative;
}

function inputSettings(typed: readonly string[], flags: AuditFlags, { config, paths }: Written) {
  const chosen = typed.length > 0 ? typed : paths(config.paths);
  // What a config says of the files around it does not hold for a live cluster.
  const files = wantsCluster(flags) ? {} : config;
  return {
    paths: chosen.length > 0 ? chosen : ['.'],
    also: flags.also ?? paths(files.also),
    scope: flags.scope ?? files.scope ?? 'auto',
    stored: flags.stored ?? config.stored ?? false,
    istioVersion: flags.istioVersion ?? config.istioVersion,
    secretMetadata: flags.secretMetadata ?? config.secretMetadata ?? false,
    environments: files.environments && mapValues(files.environments, paths),
    wafProducts: config.wafProducts ?? [],
  };
}

function checkSettings(flags: AuditFlags, config: LoadedConfig['config']) {
  const { profiles = {} } = config;
  const profile = flags.profile ?? config.profile;
  const own = profile !== undefined && Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  return {
    failOn: flags.failOn ?? config.failOn ?? 'low',
    select: flags.select ?? config.select,
    ignore: flags.ignore ?? config.ignore,
    profile,
    profiles,
    frameworks: flags.framework ?? config.frameworks ?? [],
    severity: { ...config.severity, ...own?.severity },
    sensitive: config.sensitive ?? [],
    options: Object.fromEntries(
      Object.entries(config.options ?? {}).map(([id, values]) => [id, { ...values }]),
    ),
  };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

async function readConfig(flags: Pick<AuditFlags, 'config'>, io: CliIo): Promise<LoadedConfig | undefined> {
  if (flags.config === false) return undefined;
  const file = typeof flags.config === 'string' ? path.resolve(io.cwd, flags.config) : findConfig(io.cwd);
  if (file === undefined) return undefined;
  const { loadConfig } = await import('#config/load-config.js');
  return asUsage(() => loadConfig(file, io.cwd));
}

async function waiversOf({ waivers }: AuditFlags, io: CliIo): Promise<LoadedConfig['waivers']> {
  if (waivers === undefined) return [];
  const { readWaiverFile } = await import('#config/waivers.js');
  const read = await asUsage(() =>
    Promise.all(waivers.map((file) => readWaiverFile(path.resolve(io.cwd, file), file))),
  );
  return read.flat();
}

/** Runs what reads a file of settings; what is wrong with it is a mistake in how the command was called. */
export async function asUsage<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
    throw new UsageError(error.message, hint);
  }
}

/** The outputs of a config, in the form in which the command line gives them. */
function reportsOf(loaded: LoadedConfig | undefined): WantedReports {
  const outputs = loaded?.config.outputs;
  if (loaded === undefined || outputs === undefined) return {};
  return {
    format: outputs.map(({ format }) => {
      try {
        return oneOf(format, formatNames);
      } catch (error) {
        const reason = error instanceof Error ? ` ${error.message.replace(/\.$/, '')}` : '';
        throw new UsageError(`${loaded.file}: outputs: there is no format "${format}".${reason}`);
      }
    }),
    output: outputs.map(({ file }) => file ?? '-'),
  };
}
