import { Header, Pax } from 'tar';
import type { SnapshotFile } from './kept-objects.js';

const blockBytes = 512;

/**
 * The files of a snapshot as a tar archive, piece by piece, all below one folder. The same files make the same bytes: no
 * times and no owners are told.
 */
export function* packSnapshot(files: readonly SnapshotFile[], folder: string): Generator<Buffer> {
  for (const { path, text } of files) {
    const bytes = Buffer.from(text, 'utf8');
    yield* headerOf(`${folder}/${path}`, bytes.length);
    yield bytes;
    yield Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}

/** The header of a file; names and sizes that it cannot tell stand in a header before it (POSIX.1-2017, pax). */
function headerOf(path: string, size: number): readonly Buffer[] {
  const told = { path, size, mode: 0o600, uid: 0, gid: 0, mtime: new Date(0), type: 'File' } as const;
  const header = new Header(told);
  const block = Buffer.alloc(blockBytes);
  if (!header.encode(block, 0)) return [block];
  return [new Pax({ path, size }).encode(), block];
}
