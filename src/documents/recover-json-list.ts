import type { Slice } from './split-yaml.js';
import { countNewlines } from './split-list.js';

/**
 * Takes apart a JSON List whose brackets or quotes do not fit together, by the layout that kubectl prints: each member
 * begins with a `{` on a line of its own, all at one indentation. Undefined for any other layout.
 */
export function recoverJsonList(bytes: Buffer): Slice[] | undefined {
  const head = /^[^\0]*?"items"\s*:\s*\[[ \t]*\r?\n([ \t]+)\{/.exec(bytes.toString('latin1', 0, 65_536));
  const indent = head?.[1];
  if (head === null || indent === undefined) return undefined;
  const members: Slice[] = [];
  const opening = Buffer.from(`\n${indent}{`);
  let start = head[0].length - 1;
  let line = countNewlines(bytes, 0, start) + 1;
  for (;;) {
    const next = bytes.indexOf(opening, start);
    const limit = next < 0 ? listEnd(bytes, start, indent) : next;
    members.push({ start, end: trimmedEnd(bytes, start, limit), line });
    if (next < 0) return members;
    const following = next + opening.length - 1;
    line += countNewlines(bytes, start, following);
    start = following;
  }
}

/** Behind the last member: the first line that is less indented, or the end. */
function listEnd(bytes: Buffer, from: number, indent: string): number {
  for (let feed = bytes.indexOf(0x0a, from); feed >= 0; feed = bytes.indexOf(0x0a, feed + 1)) {
    const width =
      /^[ \t]*/.exec(bytes.toString('latin1', feed + 1, feed + 1 + indent.length))?.[0].length ?? 0;
    if (width < indent.length) return feed;
  }
  return bytes.length;
}

/** Without the comma that separates members. */
function trimmedEnd(bytes: Buffer, start: number, limit: number): number {
  let end = limit;
  const isSpace = (code: number | undefined): boolean =>
    code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return end > start && bytes[end - 1] === 0x2c ? end - 1 : end;
}
