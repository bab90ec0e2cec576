import type { Slice } from './split-yaml.js';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** One JSON text in a file and, when it is an object with a top-level `items` array, the members of that array. */
export interface JsonText extends Slice {
  /** False when brackets, quotes or commas do not fit together; the values themselves are not looked at. */
  readonly wellFormed: boolean;
  /** The line on which the text ends. */
  readonly endLine: number;
  /** Nesting levels, an upper bound. */
  readonly depth: number;
  readonly items: readonly Slice[] | undefined;
  /** Offsets of the `items` array, brackets included. */
  readonly itemsStart: number;
  readonly itemsEnd: number;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
  line: number;
  deepest: number;
}

/** Finds the next JSON text by its brackets and quotes alone, in one pass; undefined when only white space is left. */
export function scanJson(bytes: Buffer, from: number, fromLine: number): JsonText | undefined {
  const cursor: Cursor = { bytes, at: from, line: fromLine, deepest: 0 };
  skipSpace(cursor);
  if (cursor.at >= bytes.length) return undefined;
  const { at: start, line } = cursor;
  const list = { items: undefined, itemsStart: 0, itemsEnd: 0 };
  const scanned =
    bytes[start] === openBrace ? scanObject(cursor) : { ...list, wellFormed: skipValue(cursor) };
  return { ...list, ...scanned, start, end: cursor.at, line, endLine: cursor.line, depth: cursor.deepest };
}

type Members = Pick<JsonText, 'wellFormed' | 'items' | 'itemsStart' | 'itemsEnd'>;

/** The members of the object at the cursor; remembers the last `items` array, as JSON.parse would. */
function scanObject(cursor: Cursor): Members {
  let found: Members = { wellFormed: true, items: undefined, itemsStart: 0, itemsEnd: 0 };
  const { bytes } = cursor;
  cursor.at++;
  skipSpace(cursor);
  while (bytes[cursor.at] === quote) {
    const keyStart = cursor.at + 1;
    if (!skipString(cursor)) return { ...found, wellFormed: false };
    const isItems =
      cursor.at - keyStart === 6 && bytes.toString('latin1', keyStart, keyStart + 5) === 'items';
    skipSpace(cursor);
    if (bytes[cursor.at] !== colon) return { ...found, wellFormed: false };
    cursor.at++;
    skipSpace(cursor);
    if (isItems && bytes[cursor.at] === openBracket) found = scanItems(cursor);
    else if (!skipValue(cursor)) return { ...found, wellFormed: false };
    if (!found.wellFormed) return found;
    skipSpace(cursor);
    if (bytes[cursor.at] !== comma) break;
    cursor.at++;
    skipSpace(cursor);
  }
  const wellFormed = bytes[cursor.at] === closeBrace;
  if (wellFormed) cursor.at++;
  return { ...found, wellFormed };
}

function scanItems(cursor: Cursor): Members {
  const { bytes } = cursor;
  const items: Slice[] = [];
  const itemsStart = cursor.at;
  cursor.at++;
  skipSpace(cursor);
  while (cursor.at < bytes.length && bytes[cursor.at] !== closeBracket) {
    const { at: start, line } = cursor;
    const wellFormed = skipValue(cursor);
    items.push({ start, line, end: cursor.at });
    if (!wellFormed) return { wellFormed, items, itemsStart, itemsEnd: cursor.at };
    skipSpace(cursor);
    if (bytes[cursor.at] !== comma) break;
    cursor.at++;
    skipSpace(cursor);
  }
  const wellFormed = bytes[cursor.at] === closeBracket;
  if (wellFormed) cursor.at++;
  return { wellFormed, items, itemsStart, itemsEnd: cursor.at };
}

function skipSpace(cursor: Cursor): void {
  const { bytes } = cursor;
  for (; cursor.at < bytes.length; cursor.at++) {
    const code = bytes[cursor.at];
    if (code === newline) cursor.line++;
    else if (code !== 0x20 && code !== 0x0d && code !== 0x09) return;
  }
}

/** Moves past a string; false when a line ends before it does, which JSON does not allow. */
function skipString(cursor: Cursor): boolean {
  const { bytes } = cursor;
  let at = cursor.at + 1;
  for (; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === quote) {
      cursor.at = at + 1;
      return true;
    }
    if (code === backslash) at++;
    else if (code === newline) break;
  }
  cursor.at = Math.min(at, bytes.length);
  return false;
}

/** Moves past a value: a string, the text between matching brackets, or anything up to a comma or closing bracket. */
function skipValue(cursor: Cursor): boolean {
  const first = cursor.bytes[cursor.at];
  if (first === quote) return skipString(cursor);
  return first === openBrace || first === openBracket ? skipNested(cursor) : skipWord(cursor);
}

function skipWord(cursor: Cursor): boolean {
  const { bytes } = cursor;
  for (; cursor.at < bytes.length; cursor.at++) {
    const code = bytes[cursor.at] ?? 0;
    if (code <= 0x20 || code === comma || code === closeBrace || code === closeBracket) return true;
  }
  return true;
}

function skipNested(cursor: Cursor): boolean {
  const { bytes } = cursor;
  let depth = 0;
  while (cursor.at < bytes.length) {
    const code = bytes[cursor.at];
    if (code === quote) {
      if (!skipString(cursor)) return false;
      continue;
    }
    cursor.at++;
    if (code === openBrace || code === openBracket) {
      depth++;
      if (depth > cursor.deepest) cursor.deepest = depth;
    } else if (code === closeBrace || code === closeBracket) {
      depth--;
      if (depth === 0) return true;
    } else if (code === newline) {
      cursor.line++;
    }
  }
  return false;
}
