import type { Skipped, SkipReason } from './document.js';
import { compareText } from './shown-path.js';

/** Counts what was left alone on purpose, one line per group. */
export interface Tally {
  /** Adds documents of a file to the group that reason, folder and detail make. */
  readonly add: (entry: TallyEntry) => void;
  readonly lines: () => Skipped[];
}

/** Documents of one file that were left alone. */
export interface TallyEntry {
  readonly reason: SkipReason;
  readonly file: string;
  readonly documents: number;
  readonly detail?: string;
  /** The folder that stands for the file in the list, e.g. its chart. */
  readonly folder?: string;
}

interface Group {
  readonly reason: SkipReason;
  readonly detail: string | undefined;
  readonly folder: string | undefined;
  readonly files: Set<string>;
  documents: number;
}

/** An empty tally. Unread kinds are grouped over all files; everything else by folder. */
export function createTally(): Tally {
  const groups = new Map<string, Group>();
  return {
    add: ({ reason, file, documents, detail, folder }) => {
      const place = folder ?? (reason === 'unread-kind' ? undefined : parentOf(file));
      const key = JSON.stringify([reason, place ?? null, detail ?? null]);
      const group = groups.get(key) ?? {
        reason,
        detail,
        folder: place,
        files: new Set<string>(),
        documents: 0,
      };
      group.files.add(file);
      group.documents += documents;
      groups.set(key, group);
    },
    lines: () => [...groups.values()].map(toLine).sort(compareLines),
  };
}

function parentOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '.' : file.slice(0, slash);
}

function toLine({ reason, detail, folder, files, documents }: Group): Skipped {
  const [first = ''] = files;
  const path = files.size === 1 && reason !== 'helm-template' ? first : (folder ?? sharedFolder([...files]));
  return { reason, path, files: files.size, documents, ...(detail === undefined ? {} : { detail }) };
}

function sharedFolder(files: readonly string[]): string {
  let shared = parentOf(files[0] ?? '').split('/');
  for (const file of files) {
    const parts = parentOf(file).split('/');
    const end = shared.findIndex((part, index) => part !== parts[index]);
    if (end >= 0) shared = shared.slice(0, end);
  }
  return shared.length === 0 ? '.' : shared.join('/');
}

function compareLines(a: Skipped, b: Skipped): number {
  return (
    compareText(a.reason, b.reason) ||
    compareText(a.path, b.path) ||
    compareText(a.detail ?? '', b.detail ?? '')
  );
}
