import type { ClusterContent } from '#cluster/read-cluster.js';
import type { TextSource } from '#documents/read-source.js';
import { version } from '#version.js';
import type { CliIo } from './cli-io.js';
import { wantsCluster, type ClusterFlags } from './cluster-flags.js';
import { interruptible } from './interruptible.js';
import { createProgress } from './progress.js';
import { UsageError } from './usage-error.js';

/** A command that reads a cluster. */
export interface LiveCommand {
  /** Files that were typed beside it; there must be none. */
  readonly paths: readonly string[];
  readonly flags: ClusterFlags & { readonly progress: boolean; readonly quiet?: true };
  readonly io: CliIo;
}

/**
 * What a live cluster holds, as texts to load in place of files; undefined when the options ask for none.
 *
 * @throws UsageError when files are given as well, or the cluster cannot be read; InterruptedError on Ctrl-C.
 */
export async function liveSources(command: LiveCommand): Promise<readonly TextSource[] | undefined> {
  const { paths, flags, io } = command;
  if (!wantsCluster(flags)) {
    const stray = strayOption(flags);
    if (stray === undefined) return undefined;
    throw new UsageError(`${stray} is for a live cluster`, 'Add --cluster.');
  }
  if (paths.length > 0)
    throw new UsageError(
      'either files or a live cluster can be read, not both',
      'Files that complete a cluster can be given with --also.',
    );
  const { files, name } = await readLive(flags, io);
  const folder = name.replaceAll(/[^A-Za-z0-9._-]+/g, '_');
  return files.map((file) => ({ path: `${folder}/${file.path}`, text: file.text }));
}

function strayOption(flags: ClusterFlags): string | undefined {
  const { as, asGroup, inNamespace, requestTimeout, secretMetadata } = flags;
  if (as !== undefined) return '--as';
  if (asGroup !== undefined) return '--as-group';
  if (inNamespace !== undefined) return '--in-namespace';
  if (secretMetadata !== undefined) return '--secret-metadata';
  return requestTimeout === undefined ? undefined : '--request-timeout';
}

/** Reads a cluster with progress on the terminal; Ctrl-C ends it at once. */
export async function readLive(flags: LiveCommand['flags'], io: CliIo): Promise<ClusterContent> {
  const { readCluster } = await import('#index.js');
  const progress = createProgress(io.stderr, flags.progress && flags.quiet !== true);
  try {
    return await interruptible((signal) =>
      readCluster({
        ...targetOf(flags, io),
        signal,
        onProgress: ({ done, total, objects, resource }) => {
          progress.update(
            `Listing kind ${String(done)} of ${String(total)}, ${String(objects)} objects: ${resource}`,
          );
        },
      }),
    );
  } catch (error) {
    throw asUsageError(error);
  } finally {
    progress.clear();
  }
}

function targetOf(flags: ClusterFlags, io: CliIo) {
  const { kubeconfig, context, as, asGroup, inNamespace, requestTimeout, secretMetadata } = flags;
  return {
    cwd: io.cwd,
    env: io.env,
    interactive: io.stderr.isTTY === true && process.stdin.isTTY,
    userAgent: `meshaudit/${version}`,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(as === undefined ? {} : { as }),
    ...(asGroup === undefined ? {} : { asGroups: asGroup }),
    ...(inNamespace === undefined ? {} : { namespaces: inNamespace }),
    ...(requestTimeout === undefined ? {} : { patience: { timeout: requestTimeout } }),
    ...(secretMetadata === undefined ? {} : { secretMetadata }),
  };
}

/** A cluster that cannot be read is told as a mistake in how the command was called: message, hint, exit code 2. */
export function asUsageError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'ClusterError') return error;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return new UsageError(error.message, hint);
}
