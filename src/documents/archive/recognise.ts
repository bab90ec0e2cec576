import { recogniseTar } from './tar-header.js';

/** What the first bytes of a file say about its packing. */
export type Packing = 'tar' | 'gzip' | 'zip' | 'xz' | 'bzip2' | 'zstd' | '7z' | 'rar';

/** Packings that are read; the others are refused by name. */
export type ReadPacking = 'tar' | 'gzip' | 'zip';

/** How many bytes {@link recognise} wants to see: the header of the first file of a tar archive. */
export const signatureBytes = 512;

const signatures: readonly (readonly [string, Packing])[] = [
  ['1f8b', 'gzip'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['28b52ffd', 'zstd'],
  ['377abcaf271c', '7z'],
  ['526172211a07', 'rar'],
];

/** The packing of a file that begins with these bytes; undefined when it is no archive. */
export function recognise(start: Buffer): Packing | undefined {
  const hex = start.toString('hex', 0, 6);
  return (
    signatures.find(([signature]) => hex.startsWith(signature))?.[1] ??
    (recogniseTar(start) ? 'tar' : undefined)
  );
}

/** True for the packings that are read. */
export function isRead(packing: Packing): packing is ReadPacking {
  return packing === 'tar' || packing === 'gzip' || packing === 'zip';
}

/** True for names that archives bear. */
export function isArchiveName(name: string): boolean {
  return /\.(?:tar|tgz|tar\.gz|zip|tar\.(?:xz|bz2|zst)|txz|tbz2?|7z|rar)$/i.test(name);
}
