import { Parser, type ReadEntry } from 'tar';
import type { ArchiveGate } from './archive-gate.js';
import type { ArchiveItem, ArchiveOptions, ArchiveProblem } from './archive-item.js';
import { judgeEntry, type EntryHeader } from './judge-entry.js';

const types: Readonly<Partial<Record<ReadEntry['type'], EntryHeader['type']>>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  GNUDumpDir: 'folder',
  SymbolicLink: 'symbolic link',
  Link: 'hard link',
  CharacterDevice: 'device',
  BlockDevice: 'device',
  FIFO: 'named pipe',
};

/**
 * Reads a tar archive (ustar, pax, GNU) from its unpacked bytes, in one pass: no more of it is in memory than a chunk and
 * the files that the chunk ends. Behind a damaged header reading goes on where the next good one stands.
 */
export async function* readTar(
  chunks: AsyncIterable<Buffer>,
  options: ArchiveOptions,
  gate: ArchiveGate,
): AsyncGenerator<ArchiveItem> {
  const done: ArchiveItem[] = [];
  const state: State = { open: undefined, ended: false, damage: undefined };
  const parser = createParser(state, done, { options, gate });
  for await (const chunk of chunks) {
    gate.unpacked(chunk.length);
    // Behind the end there is padding: read on, so that whoever writes into a pipe comes to the end.
    if (state.ended) continue;
    parser.write(chunk);
    yield* done.splice(0);
  }
  const cut = state.open;
  parser.end();
  // What ends only here has not come to its end.
  yield* done.splice(0).filter((item) => !('entry' in item));
  const damage = cut === undefined ? state.damage : `it ends within ${cut.path}`;
  if (damage !== undefined) yield { problem: broken(damage) };
}

interface State {
  open: ReadEntry | undefined;
  ended: boolean;
  /** The first damage found. */
  damage: string | undefined;
}

interface Reading {
  readonly options: ArchiveOptions;
  readonly gate: ArchiveGate;
}

function createParser(state: State, done: ArchiveItem[], { options, gate }: Reading): Parser {
  const parser = new Parser({
    onReadEntry: (entry) => {
      state.open = entry;
      entry.once('end', () => {
        state.open = undefined;
      });
      gate.entry();
      takeEntry(entry, options, done);
    },
    onwarn: (code, message) => {
      if (code !== 'TAR_ENTRY_INFO') state.damage ??= message;
    },
  });
  parser.on('eof', () => {
    state.ended = true;
  });
  return parser;
}

function takeEntry(entry: ReadEntry, options: ArchiveOptions, done: ArchiveItem[]): void {
  const verdict = judgeEntry(headerOf(entry), options);
  if ('problem' in verdict) done.push(verdict);
  if (!('read' in verdict)) {
    entry.resume();
    return;
  }
  const parts: Buffer[] = [];
  entry.on('data', (part: Buffer) => parts.push(part));
  // The parts are views of the chunks, which are not written to again.
  entry.on('end', () => {
    const [only] = parts;
    const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    done.push({ entry: { name: verdict.read, bytes } });
  });
}

function headerOf({ path, type, size, linkpath }: ReadEntry): EntryHeader {
  return {
    path,
    size,
    type: types[type] ?? 'unknown',
    ...(linkpath === undefined ? {} : { target: linkpath }),
  };
}

function broken(reason: string): ArchiveProblem {
  return {
    code: 'broken-archive',
    name: undefined,
    message: `The tar archive is damaged: ${reason}; the rest of it is audited`,
    hint: 'Fetch or pack it again.',
    fatal: true,
  };
}
