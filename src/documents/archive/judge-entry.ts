import { mebibytes } from '#documents/read-source.js';
import type { ArchiveOptions, ArchiveProblem } from './archive-item.js';
import { entryName, linkTarget } from './entry-name.js';
import { isArchiveName } from './recognise.js';

/** What an archive says of an entry before its content. */
export interface EntryHeader {
  /** As written in the archive. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'symbolic link' | 'hard link' | 'device' | 'named pipe' | 'unknown';
  readonly size: number;
  /** Of links. */
  readonly target?: string;
}

/** What becomes of an entry: read under a name, passed over, or passed over with a problem. */
export type EntryVerdict =
  { readonly read: string } | { readonly pass: true } | { readonly problem: ArchiveProblem };

const pass: EntryVerdict = { pass: true };
const filesHint = 'Pack the files themselves where their content matters.';

/** Decides what becomes of an entry. Nothing is ever unpacked to disk; a refused name tells of an archive made to do harm. */
export function judgeEntry(header: EntryHeader, options: ArchiveOptions): EntryVerdict {
  const settled = entryName(header.path);
  if ('refused' in settled) {
    // Not given as the place of the problem: whoever follows it would be led out as well.
    const message = `The entry ${JSON.stringify(header.path.slice(0, 200))} ${settled.refused}; it is left out`;
    const hint = 'Pack it with relative paths, or do not trust where it comes from.';
    return refuse(undefined, { message, hint, fatal: true });
  }
  const { name } = settled;
  if (header.type === 'folder' || isPassedOver(name)) return pass;
  if (header.type === 'symbolic link' || header.type === 'hard link') return judgeLink(header, name, options);
  if (header.type !== 'file') return judgeSpecial(header, name, options);
  if (isArchiveName(name)) {
    const message = 'An archive in the archive; it is not opened';
    const hint = 'Unpack it and give it by name.';
    return { problem: { code: 'nested-archive', name, message, hint, fatal: false } };
  }
  if (!options.wanted(name)) return pass;
  const { entryBytes } = options.limits;
  if (header.size <= entryBytes) return { read: name };
  const message = `Holds ${mebibytes(header.size)}; the limit for a file in an archive is ${mebibytes(entryBytes)}`;
  const hint = 'Unpack the archive and give the folder.';
  return { problem: { code: 'too-large', name, message, hint, fatal: true } };
}

/** Folders that are not searched on disk either, and what macOS puts beside each file. */
function isPassedOver(name: string): boolean {
  return name === '' || /(?:^|\/)(?:node_modules|\.git|__MACOSX)(?:\/|$)|(?:^|\/)\._[^/]*$/.test(name);
}

/** A link is never followed. What it leads to in the same archive is read under its own name, so nothing is lost. */
function judgeLink(header: EntryHeader, name: string, { wanted }: ArchiveOptions): EntryVerdict {
  const hard = header.type === 'hard link';
  const target = linkTarget(name, header.target ?? '', hard);
  if (target === undefined) {
    const message = `A ${header.type} that leads out of the archive; it is left out`;
    return refuse(name, { message, hint: filesHint, fatal: wanted(name) });
  }
  if (!wanted(name)) return pass;
  const message = `A ${header.type} to ${target}; it is not followed`;
  return refuse(name, { message, hint: filesHint, fatal: !wanted(target) });
}

function judgeSpecial({ type }: EntryHeader, name: string, { wanted }: ArchiveOptions): EntryVerdict {
  if (type === 'unknown' && !wanted(name)) return pass;
  const what = type === 'unknown' ? 'Of a type that is not read' : `A ${type}`;
  const message = `${what}, not a file; it is left out`;
  return refuse(name, { message, hint: filesHint, fatal: wanted(name) });
}

function refuse(
  name: string | undefined,
  { message, hint, fatal }: Omit<ArchiveProblem, 'code' | 'name'>,
): EntryVerdict {
  const problem = { code: 'unsafe-entry', name, message, fatal } as const;
  return { problem: hint === undefined ? problem : { ...problem, hint } };
}
