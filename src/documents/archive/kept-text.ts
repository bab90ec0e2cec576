import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A text that was read once and of which stretches may be asked for again. */
export type ReadStretch = (start: number, end: number) => Buffer;

const smallBytes = 4096;
const blockBytes = 256 * 1024;

/**
 * Keeps a text in little memory: packed block by block, so that a stretch costs no more than the blocks it lies in. A
 * file of an archive cannot be read again on its own, and must not be written to disk: it may hold Secrets.
 */
export function keepText(bytes: Buffer): ReadStretch {
  if (bytes.length <= smallBytes) {
    const copy = Buffer.from(bytes);
    return (start, end) => copy.subarray(start, end);
  }
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes)
    blocks.push(deflateRawSync(bytes.subarray(at, at + blockBytes), { level: 1 }));
  let last: { readonly index: number; readonly block: Buffer } | undefined;
  const blockAt = (index: number): Buffer => {
    if (last?.index === index) return last.block;
    const block = inflateRawSync(blocks[index] ?? Buffer.alloc(0));
    last = { index, block };
    return block;
  };
  return (start, end) => {
    const first = Math.floor(start / blockBytes);
    const behind = Math.min(blocks.length, Math.ceil(end / blockBytes));
    const stretch = Buffer.concat(
      Array.from({ length: Math.max(0, behind - first) }, (_, index) => blockAt(first + index)),
    );
    return stretch.subarray(start - first * blockBytes, end - first * blockBytes);
  };
}
