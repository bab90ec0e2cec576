import path from 'node:path';
import type { FSWatcher } from 'chokidar';

/** What happens to watched files, bundled: an editor writes several times for one change. */
export interface Changes {
  /** Watches these too; what is watched already stays so. */
  readonly add: (paths: readonly string[]) => void;
  /** Resolves at the next change, at once when there was one since the last call; false when watching has ended. */
  readonly next: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Files whose change can matter to an audit: manifests, archives of them, templates. */
const matters = /\.(?:ya?ml|json|tpl|tar|tgz|gz|zip)$/i;

/** Rest after the last change before it counts, in milliseconds. */
const rest = 150;

/** The folder of a pattern before its first special character; a path that is none stays as it is. */
function watchedPart(pattern: string): string {
  const special = pattern.search(/[*?[\]{}()!]/);
  return special < 0 ? pattern : path.dirname(`${pattern.slice(0, special)}x`);
}

/** Not a folder of a tool, nor a file that we write ourselves, or are about to. */
function isOurs(file: string, written: ReadonlySet<string>): boolean {
  return written.has(file) || /(?:^|[\\/])(?:\.git|node_modules)(?:[\\/]|$)|\.\d+\.tmp$/.test(file);
}

/** Watches files, folders and globs (absolute), but not what is `written` by the audit itself, until the signal. */
export async function watchPaths(
  paths: readonly string[],
  written: ReadonlySet<string>,
  stop: AbortSignal,
): Promise<Changes> {
  const { watch } = await import('chokidar');
  const watcher = watch(paths.map(watchedPart), {
    ignoreInitial: true,
    ignored: (file) => isOurs(file, written),
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return changesOf(watcher, stop);
}

function changesOf(watcher: FSWatcher, stop: AbortSignal): Changes {
  let changed = false;
  let waiting: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const wake = (): void => {
    waiting?.();
    waiting = undefined;
  };
  watcher.on('all', (event, file) => {
    if (!event.endsWith('Dir') && !matters.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed = true;
      wake();
    }, rest);
  });
  stop.addEventListener('abort', wake, { once: true });
  return {
    add: (more) => {
      watcher.add(more.map(watchedPart));
    },
    next: async () => {
      if (!changed && !stop.aborted) await new Promise<void>((resolve) => (waiting = resolve));
      changed = false;
      return !stop.aborted;
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
