import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { isArchiveName } from './archive/recognise.js';
import { decode } from './decode.js';
import type { FieldRef, Location, Problem } from './document.js';
import { errorCode, pathProblem, type FoundFile } from './find-files.js';
import type { ReadRange } from './json-window.js';
import type { Limits } from './limits.js';

/** A text that the caller holds in memory. */
export interface TextSource {
  readonly path: string;
  readonly text: string;
  /** True when it completes the mesh but is not reported on. */
  readonly also?: boolean;
  /** Namespace of the objects that name none, but for those that live outside namespaces. */
  readonly namespace?: string;
  /** For a text that was made of files: where in them something stands. */
  readonly relocate?: Relocate;
}

/** The place in a file that a place in a rendered text comes from; undefined when nothing tells. */
export type Relocate = (at: FieldRef, rendered: Location) => Location | undefined;

/** What is known of an input without its text. */
export interface SourceIdentity {
  readonly shown: string;
  /** Undefined for stdin, texts from memory and files of archives. */
  readonly path: string | undefined;
  /** The archive that it is in, as shown. */
  readonly archive?: string;
  readonly reported: boolean;
  /** Size as stored, before any change of encoding. */
  readonly size: number;
  /** Reads a stretch of the UTF-8 text again, when a finding needs a position in it. */
  readonly reopen: (start: number, end: number) => Buffer;
}

/** One input with its UTF-8 text as bytes, held while it is read. */
export interface Source extends SourceIdentity {
  /** All of the text; of a source with a `range` read when first asked for. */
  readonly bytes: Buffer;
  /** For a large JSON file, which may be read piece by piece. */
  readonly range?: ReadRange;
  /** To be called when it was read: lets go of the text, or keeps it small where positions may be asked for. */
  readonly settle?: (needed: boolean) => void;
}

/** What stays of a source when it was read. */
export function identityOf({ shown, path, archive, reported, size, reopen }: Source): SourceIdentity {
  return { shown, path, reported, size, reopen, ...(archive === undefined ? {} : { archive }) };
}

/** A source, or the problem that stands in its place. */
export type Opened = { readonly source: Source } | { readonly problem: Problem };

/** Reads a file found earlier; anything but a regular file of bearable size is refused. */
export function openFile(file: FoundFile, limits: Limits): Opened {
  try {
    const raw = readRegularFile(file.path, limits);
    if (typeof raw === 'string') return refused(file.shown, raw);
    if (typeof raw === 'number') return { source: inPieces(file, raw) };
    return describe(raw, { shown: file.shown, path: file.path, reported: file.reported });
  } catch (error) {
    return { problem: pathProblem(file.shown, error) };
  }
}

/**
 * The bytes of a regular file, the size of one that can be read in pieces, or why it is refused. Opened without waiting,
 * so that a named pipe cannot hold us up.
 */
function readRegularFile(path: string, limits: Limits): Buffer | number | string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return `Is ${describeType(stats)}, not a regular file`;
    if (stats.size > limits.fileBytes) return tooLarge(stats.size, limits);
    return isLargeJson(descriptor, stats.size) ? stats.size : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const largeBytes = 4 * 1024 ** 2;

/** True for a large file in UTF-8 that begins like a JSON object. */
function isLargeJson(descriptor: number, size: number): boolean {
  if (size < largeBytes) return false;
  const start = Buffer.alloc(65_536);
  const decoded = decode(start.subarray(0, readSync(descriptor, start, 0, start.length, 0)));
  return (
    'bytes' in decoded && !decoded.recoded && /^\s*\{\s*"/.test(decoded.bytes.toString('latin1', 0, 1000))
  );
}

/** A source that is read piece by piece, by those who can. */
function inPieces({ path, shown, reported }: FoundFile, size: number): Source {
  let whole: Buffer | undefined;
  return {
    ...{ path, shown, reported, size },
    reopen: stretchOf(path),
    range: (target, place, offset) => readStretch(path, target.subarray(place), offset),
    get bytes() {
      return (whole ??= readFileSync(path));
    },
  };
}

/** Reads a file from an offset on until the target is full or the file ends. */
function readStretch(path: string, target: Buffer, offset: number): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    let filled = 0;
    for (let read = -1; read !== 0 && filled < target.length; filled += read)
      read = readSync(descriptor, target, filled, target.length - filled, offset + filled);
    return filled;
  } finally {
    closeSync(descriptor);
  }
}

function stretchOf(path: string): SourceIdentity['reopen'] {
  return (start, end) => {
    const bytes = Buffer.alloc(end - start);
    return bytes.subarray(0, readStretch(path, bytes, start));
  };
}

function describeType(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isDirectory() ? 'a directory' : 'a device';
}

function tooLarge(size: number, limits: Limits): string {
  return `Holds ${mebibytes(size)}; the limit is ${mebibytes(limits.fileBytes)}`;
}

/** A number of bytes for people. */
export function mebibytes(bytes: number): string {
  return `${String(Math.round(bytes / 1024 ** 2))} MiB`;
}

function refused(file: string, message: string): Opened {
  const code = message.startsWith('Holds') ? 'too-large' : 'unreadable';
  const hint =
    code === 'unreadable'
      ? 'Pipe the text in and give - as the path.'
      : 'Split the input into several files.';
  return { problem: { code, file, message, hint, fatal: true } };
}

type Identity = Omit<SourceIdentity, 'size' | 'reopen'>;

function describe(raw: Buffer, identity: Identity): Opened {
  const decoded = decode(raw);
  if ('problem' in decoded || (raw.length === 0 && isArchiveName(identity.shown)))
    return { problem: noText(identity.shown) };
  const { bytes, recoded } = decoded;
  const reopen =
    identity.path === undefined || recoded ? again(raw, identity.path) : stretchOf(identity.path);
  return { source: { ...identity, bytes, size: raw.length, reopen } };
}

function noText(file: string): Problem {
  const hint = 'Read are YAML and JSON; of archives .tar, .tar.gz and .zip.';
  if (!isArchiveName(file))
    return { code: 'binary', file, message: 'Holds binary data, not YAML or JSON text', hint, fatal: true };
  const message = 'Has the name of an archive, but does not begin like one';
  return { code: 'broken-archive', file, message, hint: `Fetch or pack it again. ${hint}`, fatal: true };
}

/** Stretches of a text that is in memory, or has to be decoded as a whole. */
function again(raw: Buffer, path: string | undefined): SourceIdentity['reopen'] {
  const held = path === undefined ? raw : undefined;
  let bytes: Buffer | undefined;
  return (start, end) => {
    bytes ??= decodedBytes(held ?? readFileSync(path ?? ''));
    return bytes.subarray(start, end);
  };
}

function decodedBytes(raw: Buffer): Buffer {
  const decoded = decode(raw);
  return 'problem' in decoded ? Buffer.alloc(0) : decoded.bytes;
}

/** A text that the caller holds in memory already. */
export function openText({ path, text, also = false }: TextSource): Opened {
  return openBytes(path, Buffer.from(text, 'utf8'), !also);
}

function openBytes(shown: string, raw: Buffer, reported = true): Opened {
  return describe(raw, { shown, path: undefined, reported });
}

/** Reads a stream to its end, or up to the size limit. */
export async function openStream(
  shown: string,
  stream: AsyncIterable<Buffer>,
  limits: Limits,
): Promise<Opened> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const bytes of stream) {
      size += bytes.length;
      if (size > limits.fileBytes) return refused(shown, tooLarge(size, limits));
      chunks.push(bytes);
    }
  } catch (error) {
    return {
      problem: {
        code: 'unreadable',
        file: shown,
        message: `Cannot be read (${errorCode(error)})`,
        fatal: true,
      },
    };
  }
  return openBytes(
    shown,
    chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size),
  );
}
