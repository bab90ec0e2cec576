import { lineEnds } from './line-end.js';

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const hash = 0x23;
const percent = 0x25;
const dash = 0x2d;
const dot = 0x2e;

/** A stretch of a file: byte offsets into its UTF-8 text, and the line (from 1) on which it begins. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** True when control characters occur in it, which YAML does not allow. */
  readonly control?: boolean;
}

interface Open {
  readonly start: number;
  readonly line: number;
}

/**
 * Splits a YAML stream into its documents by its marker lines (`---`, `...`), counted as YAML counts: comments and
 * directives before a `---` are no document, an empty document after a `---` is one.
 */
export function splitYaml(bytes: Buffer): Slice[] {
  const slices: Slice[] = [];
  const length = bytes.length;
  const { checkedFeed } = lineEnds(bytes, length);
  let open: Open | undefined;
  let pending: Open = { start: 0, line: 1 };
  let line = 1;
  let at = 0;
  let control = false;
  const close = (end: number): void => {
    if (open !== undefined) slices.push({ ...skipByteOrderMark(bytes, open), end, control });
    open = undefined;
    control = false;
  };
  while (at < length) {
    const first = bytes[at];
    const marker = first === dash || first === dot ? markerAt(bytes, at) : undefined;
    const end = checkedFeed(at);
    if (end < 0) control = true;
    const next = Math.abs(end) + 1;
    if (marker === '---') {
      close(at);
      open = isBlankOrComment(bytes, at + 3)
        ? { start: Math.min(next, length), line: line + 1 }
        : { start: at + 3, line };
    } else if (marker === '...') {
      close(at);
      pending = { start: Math.min(next, length), line: line + 1 };
    } else if (open === undefined && first !== percent && !isBlankOrComment(bytes, at)) {
      open = pending;
    }
    at = next;
    line++;
  }
  close(length);
  return slices;
}

/** Files put one after another keep their byte order marks. */
function skipByteOrderMark(bytes: Buffer, open: Open): Open {
  const { start } = open;
  const marked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  return marked ? { ...open, start: start + 3 } : open;
}

function markerAt(bytes: Buffer, at: number): '---' | '...' | undefined {
  const first = bytes[at];
  if (bytes[at + 1] !== first || bytes[at + 2] !== first) return undefined;
  const after = bytes[at + 3];
  if (
    after !== undefined &&
    after !== newline &&
    after !== carriageReturn &&
    after !== space &&
    after !== tab
  )
    return undefined;
  return first === dash ? '---' : '...';
}

function isBlankOrComment(bytes: Buffer, from: number): boolean {
  let at = from;
  while (bytes[at] === space || bytes[at] === tab || bytes[at] === carriageReturn) at++;
  const found = bytes[at];
  return found === undefined || found === newline || found === hash;
}
