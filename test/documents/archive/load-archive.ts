import { Readable } from 'node:stream';
import type { Loaded } from '#documents/document.js';
import type { Limits } from '#documents/limits.js';
import { loadDocuments } from '#documents/load.js';

/** Reads an archive as if it came by standard input, in pieces of so many bytes. */
export function loadArchive(bytes: Buffer, limits: Partial<Limits> = {}, piece = 65_536): Promise<Loaded> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return loadDocuments({
    paths: ['-'],
    cwd: '/',
    stdin: Readable.from(pieces),
    read: () => true,
    limits,
  });
}

/** A manifest of a Namespace. */
export const namespace = (name: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
