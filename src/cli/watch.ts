import path from 'node:path';
import type { AuditResult } from '#check/index.js';
import type { AuditFlags, Audited } from './audit-command.js';
import type { CliIo } from './cli-io.js';
import { send } from './cli-io.js';
import { wantsCluster } from './cluster-flags.js';
import { UsageError } from './usage-error.js';
import { watchPaths } from './watched-paths.js';

/** One audit of what the command line and the config say now. */
type AuditOnce = () => Promise<Audited>;

/** Erases the screen and what has scrolled off it. */
const clearScreen = '\u001B[2J\u001B[3J\u001B[H';

/**
 * Audits, and again whenever a file changes, until Ctrl-C; then 0. A mistake in the config that is made meanwhile is told,
 * and waited out.
 *
 * @throws UsageError with options that make no sense here, or when already the first audit cannot be done.
 */
export async function watchAndAudit(auditOnce: AuditOnce, flags: AuditFlags, io: CliIo): Promise<number> {
  refuse(flags);
  const { signal, release } = stopSignal(io);
  try {
    await clear(io);
    const first = await auditOnce();
    if (first.settings.paths.includes('-'))
      throw new UsageError('--watch cannot watch standard input', 'Name files or directories.');
    const written = first.targets.flatMap(({ file }) =>
      file === undefined ? [] : [path.resolve(io.cwd, file)],
    );
    const changes = await watchPaths(watchedBy(first, flags, io), new Set(written), signal);
    let known = fingerprints(first.result);
    await say('Watching for changes; Ctrl-C ends.', io);
    while (await changes.next()) {
      await clear(io);
      const audited = await orMistake(auditOnce, io);
      if (audited === undefined) continue;
      changes.add(watchedBy(audited, flags, io));
      const now = fingerprints(audited.result);
      await say(difference(known, now), io);
      known = now;
    }
    await changes.close();
    return 0;
  } finally {
    release();
  }
}

function refuse(flags: AuditFlags): void {
  const wrong =
    (flags.since !== undefined && '--since') ||
    (flags.writeBaseline !== undefined && '--write-baseline') ||
    (wantsCluster(flags) && '--cluster');
  if (wrong !== false) throw new UsageError(`--watch does not go with ${wrong}`, 'Leave one of them out.');
}

/** Ends watching at the first Ctrl-C; the second one ends the process as ever. */
function stopSignal(io: CliIo): { readonly signal: AbortSignal; readonly release: () => void } {
  if (io.stop !== undefined) return { signal: io.stop, release: () => undefined };
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}

/** What an audit reads: its input, what is rendered, the config and the files that it names. */
function watchedBy({ settings }: Audited, flags: AuditFlags, { cwd }: CliIo): readonly string[] {
  const { paths, also, baseline, config, waivers } = settings;
  const { kustomize = [], helm = [], values = [] } = flags;
  const local = [...kustomize, ...helm, ...values].filter((name) => !name.includes('://'));
  const names = [...paths, ...also, ...local, ...(baseline === undefined ? [] : [baseline])];
  const others = [...(config === undefined ? [] : [config.file]), ...waivers.map(({ at }) => at.file)];
  return [...new Set([...names, ...others].map((name) => path.resolve(cwd, name)))];
}

async function orMistake(auditOnce: AuditOnce, io: CliIo): Promise<Audited | undefined> {
  try {
    return await auditOnce();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await say(error.message, io);
    return undefined;
  }
}

/** The findings that count. */
const fingerprints = ({ findings }: AuditResult): ReadonlySet<string> =>
  new Set(
    findings.filter(({ suppression }) => suppression === undefined).map(({ fingerprint }) => fingerprint),
  );

function difference(before: ReadonlySet<string>, now: ReadonlySet<string>): string {
  const added = [...now].filter((each) => !before.has(each)).length;
  const fixed = [...before].filter((each) => !now.has(each)).length;
  return `${String(added)} new, ${String(fixed)} fixed, ${String(now.size)} in all. Watching; Ctrl-C ends.`;
}

const say = (text: string, io: CliIo): Promise<void> => send(io.stderr, `meshaudit: ${text}\n`);

async function clear(io: CliIo): Promise<void> {
  if (io.stdout.isTTY === true) await send(io.stdout, clearScreen);
}
