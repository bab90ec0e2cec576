import { inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { ArchiveGate } from './archive-gate.js';
import { crc32 } from './crc32.js';
import { ArchiveStop, type ArchiveItem, type ArchiveOptions, type ArchiveProblem } from './archive-item.js';
import { judgeEntry, type EntryHeader } from './judge-entry.js';

/** A zip archive that can be read at any place: from a file, or from memory. */
export interface ZipSource {
  readonly zip: ZipFile;
  readonly size: number;
  readonly read: (start: number, length: number) => Buffer;
}

/** Bits of a Unix file mode that tell the type of a file. */
const typeMask = 0o170000;
const unixTypes: Readonly<Partial<Record<number, EntryHeader['type']>>> = {
  0o040000: 'folder',
  0o120000: 'symbolic link',
  0o020000: 'device',
  0o060000: 'device',
  0o010000: 'named pipe',
  0o140000: 'unknown',
};

const longestTarget = 4096;
const stored = 0;
const deflated = 8;

/**
 * Reads a zip archive by its central directory, one file at a time. Sizes that the directory states are upper bounds: a
 * file that unpacks to more is refused, and so are entries that share their bytes.
 */
export async function* readZip(
  source: ZipSource,
  options: ArchiveOptions,
  gate: ArchiveGate,
): AsyncGenerator<ArchiveItem> {
  let packed = 0;
  for await (const entry of source.zip.eachEntry()) {
    gate.entry();
    packed += entry.compressedSize;
    if (packed > source.size) throw overlapping();
    const item = await takeEntry(source, entry, { options, gate });
    if (item !== undefined) yield item;
  }
}

interface Reading {
  readonly options: ArchiveOptions;
  readonly gate: ArchiveGate;
}

async function takeEntry(
  source: ZipSource,
  entry: Entry,
  { options, gate }: Reading,
): Promise<ArchiveItem | undefined> {
  const path = yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    false,
  );
  try {
    const type = typeOf(entry, path);
    const isLink = type === 'symbolic link' && entry.uncompressedSize <= longestTarget;
    const target = isLink ? (await unpack(source, entry)).toString('utf8') : undefined;
    const header = { path, type, size: entry.uncompressedSize, ...(target === undefined ? {} : { target }) };
    const verdict = judgeEntry(header, options);
    if ('problem' in verdict) return verdict;
    if ('pass' in verdict) return undefined;
    if (isBomb(entry, options)) return { problem: bombEntry(path, options) };
    gate.packed(entry.compressedSize);
    gate.unpacked(entry.uncompressedSize);
    return { entry: { name: verdict.read, bytes: await unpack(source, entry) } };
  } catch (error) {
    if (error instanceof ArchiveStop) throw error;
    return { problem: brokenEntry(path, error) };
  }
}

function typeOf(entry: Entry, path: string): EntryHeader['type'] {
  const unix = entry.versionMadeBy >>> 8 === 3 || entry.versionMadeBy >>> 8 === 19;
  const mode = unix ? (entry.externalFileAttributes >>> 16) & typeMask : 0;
  return unixTypes[mode] ?? (path.endsWith('/') ? 'folder' : 'file');
}

const freeBytes = 16 * 1024 ** 2;

function isBomb({ compressedSize, uncompressedSize }: Entry, { limits }: ArchiveOptions): boolean {
  return uncompressedSize > freeBytes && uncompressedSize > compressedSize * limits.archiveRatio;
}

/** The content of an entry. Throws when it is encrypted, packed in another way, or not of the size that is stated. */
async function unpack({ zip, size, read }: ZipSource, entry: Entry): Promise<Buffer> {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw new UnreadEntry('it is encrypted');
  if (compressionMethod !== stored && compressionMethod !== deflated)
    throw new UnreadEntry(`it is packed by method ${String(compressionMethod)}, which is not read`);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  if (fileDataStart + compressedSize > size) throw new Error('it ends behind the end of the archive');
  const packed = read(fileDataStart, compressedSize);
  const bytes = compressionMethod === stored ? packed : inflate(packed, uncompressedSize);
  if (bytes.length !== uncompressedSize) throw new Error('it is not of the size that the archive states');
  if (crc32(bytes) !== entry.crc32) throw new Error('it is damaged: its checksum is wrong');
  return bytes;
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const isLarger = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isLarger ? new Error('it is not of the size that the archive states', { cause: error }) : error;
  }
}

/** An entry that is whole as far as anybody can tell, but that nobody here can read. */
class UnreadEntry extends Error {
  override readonly name = 'UnreadEntry';
}

function brokenEntry(name: string, error: unknown): ArchiveProblem {
  const message = `The entry cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  const hint =
    error instanceof UnreadEntry
      ? 'Unpack the archive and give the folder.'
      : 'Fetch or pack the archive again.';
  return { code: 'broken-archive', name, message, hint, fatal: true };
}

function bombEntry(name: string, { limits }: ArchiveOptions): ArchiveProblem {
  const message = `Unpacks to more than ${String(limits.archiveRatio)} times its size; it is left out`;
  const hint = 'Where it is to be trusted, unpack it and give the folder.';
  return { code: 'archive-bomb', name, message, hint, fatal: true };
}

function overlapping(): ArchiveStop {
  return new ArchiveStop({
    code: 'archive-bomb',
    message: 'Its entries share their bytes, as only bombs do; the rest of it is left out',
    hint: 'Do not trust where it comes from.',
  });
}
