import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Limits } from '#documents/limits.js';
import { mebibytes } from '#documents/read-source.js';
import type { ArchiveGate } from './archive-gate.js';
import { ArchiveStop, type ArchiveItem } from './archive-item.js';
import type { ZipSource } from './read-zip.js';
import { peek } from './peek.js';
import { signatureBytes } from './recognise.js';
import { recogniseTar } from './tar-header.js';

/** Where the bytes of an archive come from: a regular file, or a stream that is read once. */
export type PackedBytes = { readonly path: string } | { readonly stream: AsyncIterable<Buffer> };

const chunkBytes = 256 * 1024;

/** The bytes as they are, counted. */
export async function* readBytes(bytes: PackedBytes, gate: ArchiveGate): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<Buffer> =
    'path' in bytes ? createReadStream(bytes.path, { highWaterMark: chunkBytes }) : bytes.stream;
  for await (const chunk of chunks) {
    gate.packed(chunk.length);
    yield chunk;
  }
}

/** The bytes behind gzip. Iterating throws where they are damaged or end too early. */
export function gunzip(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  // Errors of either end reach who iterates.
  pipeline(Readable.from(packed), unpacked, () => undefined);
  return unpacked;
}

/** Whether unpacked bytes are a tar archive, and all of them again. */
export async function isTarStream(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly isTar: boolean; readonly chunks: AsyncIterable<Buffer> }> {
  const { start, all } = await peek(chunks, signatureBytes);
  return { isTar: recogniseTar(start), chunks: all };
}

/** Opens a zip archive, which must be read at any place: from its file, or from memory when it comes as a stream. */
export async function* withZip(
  bytes: PackedBytes,
  limits: Limits,
  read: (zip: ZipSource) => AsyncGenerator<ArchiveItem>,
): AsyncGenerator<ArchiveItem> {
  const { default: yauzl } = await import('yauzl');
  // Names are decoded and judged one by one: a bad one must not end the reading.
  const options = { decodeStrings: false, validateEntrySizes: false, autoClose: false };
  if ('stream' in bytes) {
    const all = await collect(bytes.stream, limits);
    const zip = await yauzl.fromBufferPromise(all, options);
    yield* read({ zip, size: all.length, read: (start, length) => all.subarray(start, start + length) });
    return;
  }
  const descriptor = openSync(bytes.path, 'r');
  try {
    const zip = await yauzl.fromFdPromise(descriptor, options);
    const { size } = fstatSync(descriptor);
    yield* read({ zip, size, read: (start, length) => readRange(descriptor, start, length) });
  } finally {
    closeSync(descriptor);
  }
}

function readRange(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < length; filled += read)
    read = readSync(descriptor, bytes, filled, length - filled, start + filled);
  return bytes;
}

async function collect(stream: AsyncIterable<Buffer>, { fileBytes }: Limits): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > fileBytes) {
      const message = `A zip archive of more than ${mebibytes(fileBytes)} on standard input`;
      throw new ArchiveStop({ code: 'too-large', message, hint: 'Write it to a file and name that.' });
    }
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
