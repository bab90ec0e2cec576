import { isUtf8 } from 'node:buffer';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Copies text from an offset of a source to a place in a buffer; returns how many bytes, 0 at the end of the text. */
export type ReadRange = (target: Buffer, place: number, offset: number) => number;

/** A JSON text of which only the stretch that is being read is in memory. */
export interface JsonWindow {
  readonly read: ReadRange | undefined;
  bytes: Buffer;
  view: DataView;
  /** Where the text in `bytes` ends. */
  end: number;
  /** Offset in the source of the first byte of `bytes`. */
  base: number;
  at: number;
  /** The line of `at`, from 1. */
  line: number;
  /** The deepest nesting passed over so far. */
  deepest: number;
  /** False once bytes were passed that are not UTF-8. */
  valid: boolean;
}

const windowBytes = 2 * 1024 ** 2;
const largestWindow = 64 * 1024 ** 2;

/** A window at the start of a text: one in memory, or one that is read piece by piece. */
export function openWindow(text: Buffer | ReadRange): JsonWindow {
  const inMemory = Buffer.isBuffer(text);
  const bytes = inMemory ? text : Buffer.allocUnsafeSlow(windowBytes);
  const read = inMemory ? undefined : text;
  const end = inMemory ? text.length : text(bytes, 0, 0);
  return { read, bytes, view: viewOf(bytes), end, base: 0, at: 0, line: 1, deepest: 0, valid: true };
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Reads on: what lies before an offset is let go, and the offset becomes 0. False when there is no more. */
function slide(window: JsonWindow, from: number): boolean {
  const { read, bytes, end } = window;
  if (read === undefined) return false;
  checkEncoding(window, from);
  if (from === 0 && end === bytes.length) {
    if (bytes.length >= largestWindow) return false;
    window.bytes = Buffer.allocUnsafeSlow(bytes.length * 2);
    window.view = viewOf(window.bytes);
  }
  bytes.copy(window.bytes, 0, from, end);
  window.base += from;
  const added = read(window.bytes, end - from, window.base + end - from);
  window.end = end - from + added;
  window.at = 0;
  return added > 0;
}

/** Looks whether all bytes before an offset are UTF-8. */
export function checkEncoding(window: JsonWindow, end: number): void {
  if (!isUtf8(window.bytes.subarray(0, end))) window.valid = false;
}

/** Takes a step that may run into the end of the window: it is taken again with more of the text. */
export function attempt(window: JsonWindow, step: (window: JsonWindow) => boolean): boolean {
  let { at } = window;
  const { line } = window;
  while (!step(window)) {
    if (!slide(window, at)) return false;
    at = 0;
    window.line = line;
  }
  return true;
}

const fourSpaces = 0x20202020;

/** Moves over white space to what follows it; false at the end of the window. */
export function skipSpace(window: JsonWindow): boolean {
  const { bytes, view, end } = window;
  let { at } = window;
  for (; at < end; at++) {
    const code = bytes[at];
    if (code === newline) {
      window.line++;
      while (at + 5 <= end && view.getInt32(at + 1, true) === fourSpaces) at += 4;
    } else if (code !== 0x20 && code !== 0x0d && code !== 0x09) break;
  }
  window.at = at;
  return at < end;
}

/** Moves past a string; false when a line, or the window, ends before it does. */
export function skipString(window: JsonWindow): boolean {
  const end = stringEnd(window.bytes, window.at, window.end);
  if (end < 0) return false;
  window.at = end;
  return true;
}

/** Offset behind the string that begins at an offset; -1 when it does not end. */
function stringEnd(bytes: Buffer, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const code = bytes[at];
    if (code === quote) return at + 1;
    if (code === backslash) at++;
    else if (code === newline) return -1;
  }
  return -1;
}

/** Moves past a value: a string, the text between matching brackets, or anything up to a comma, bracket or space. */
export function skipValue(window: JsonWindow): boolean {
  const first = window.bytes[window.at];
  if (first === quote) return skipString(window);
  return first === openBrace || first === openBracket ? skipNested(window) : skipWord(window);
}

function skipWord(window: JsonWindow): boolean {
  const { bytes, end } = window;
  for (let at = window.at; at < end; at++) {
    const code = bytes[at] ?? 0;
    if (code > 0x20 && code !== comma && code !== closeBrace && code !== closeBracket) continue;
    const isWord = at > window.at;
    window.at = at;
    return isWord;
  }
  return false;
}

/** What {@link skipNested} minds: quotes, opening and closing brackets, line ends. */
const marks = new Uint8Array(256);
for (const [mark, codes] of [
  [quote],
  [openBrace, openBracket],
  [closeBrace, closeBracket],
  [newline],
].entries())
  for (const code of codes) marks[code] = mark + 1;

function skipNested(window: JsonWindow): boolean {
  const { bytes, view, end } = window;
  let { at, line } = window;
  let depth = 0;
  while (at < end) {
    const mark = marks[bytes[at] ?? 0];
    if (mark === 0) at++;
    else if (mark === 1) {
      at = stringEnd(bytes, at, end);
      if (at < 0) return false;
    } else if (mark === 4) {
      at++;
      line++;
      while (at + 4 <= end && view.getInt32(at, true) === fourSpaces) at += 4;
    } else {
      at++;
      depth += mark === 2 ? 1 : -1;
      if (depth > window.deepest) window.deepest = depth;
      if (depth > 0) continue;
      window.at = at;
      window.line = line;
      return true;
    }
  }
  return false;
}
