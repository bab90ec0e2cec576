import { lineEnds } from './line-end.js';
import type { Slice } from './split-yaml.js';

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const hash = 0x23;
const dash = 0x2d;

/** A block style document with a top-level `items:` sequence, taken apart by indentation. */
export interface SplitList {
  /** The document without its items: what says whether this is a List at all. */
  readonly head: string;
  readonly items: readonly Slice[];
}

/**
 * Takes a YAML List apart into its members without parsing it; undefined when the document is laid out otherwise.
 * Exact as long as each piece then parses on its own: no block construct reaches over a `- ` at the indentation of
 * its own sequence, and quotes or brackets that do leave a piece with an open end.
 */
export function splitList(bytes: Buffer, document: Slice): SplitList | undefined {
  const key = findItemsKey(bytes, document);
  if (key === undefined) return undefined;
  const first = firstContent(bytes, nextLine(bytes, key, document.end), document.end);
  const column = indentation(bytes, first);
  if (!isItem(bytes, first + column)) return undefined;
  const items: Slice[] = [];
  let line = document.line + countNewlines(bytes, document.start, first);
  let open: { start: number; line: number } | undefined;
  const { feed } = lineEnds(bytes, document.end);
  let at = first;
  while (at < document.end) {
    const content = at + indentation(bytes, at);
    const depth = content - at;
    const blank = isBlankOrComment(bytes, content);
    if (!blank && depth === column && isItem(bytes, content)) {
      if (open !== undefined) items.push({ ...open, end: at });
      open = { start: at, line };
    } else if (!blank && depth <= column) {
      break;
    }
    at = Math.min(feed(content) + 1, document.end);
    line++;
  }
  if (open !== undefined) items.push({ ...open, end: at });
  return {
    head: bytes.toString('utf8', document.start, key) + bytes.toString('utf8', at, document.end),
    items,
  };
}

const wanted = Buffer.from('items:');

/** Offset of the line `items:`, which must stand alone and at column 0. */
function findItemsKey(bytes: Buffer, document: Slice): number | undefined {
  const text = bytes.subarray(document.start, document.end);
  const first = text.subarray(0, wanted.length).equals(wanted);
  const later = first ? 0 : text.indexOf('\nitems:');
  if (later < 0) return undefined;
  const key = document.start + (first ? 0 : later + 1);
  return isBlankOrComment(bytes, skipSpaces(bytes, key + wanted.length)) ? key : undefined;
}

function nextLine(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== newline) at++;
  return Math.min(at + 1, end);
}

function firstContent(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isBlankOrComment(bytes, skipSpaces(bytes, at))) at = nextLine(bytes, at, end);
  return at;
}

function skipSpaces(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === space) at++;
  return at;
}

function indentation(bytes: Buffer, lineStart: number): number {
  return skipSpaces(bytes, lineStart) - lineStart;
}

function isItem(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== dash) return false;
  const after = bytes[at + 1];
  return after === undefined || after === space || after === newline || after === carriageReturn;
}

function isBlankOrComment(bytes: Buffer, content: number): boolean {
  const found = bytes[content];
  return found === undefined || found === newline || found === hash || found === carriageReturn;
}

/** Line feeds between two offsets. */
export function countNewlines(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === newline) count++;
  return count;
}
