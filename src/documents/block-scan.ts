import type { SpanMemo } from './span-memo.js';

/** Character codes of YAML's indicators. */
export const code = {
  /** What {@link codeAt} gives beyond the end of the text. */
  end: -1,
  tab: 0x09,
  newline: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  doubleQuote: 0x22,
  hash: 0x23,
  dollar: 0x24,
  singleQuote: 0x27,
  comma: 0x2c,
  dash: 0x2d,
  colon: 0x3a,
  question: 0x3f,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  pipe: 0x7c,
  closeBrace: 0x7d,
} as const;

/** A position in a text in block style. */
export interface Scan {
  readonly text: string;
  /** True when the text holds a tab somewhere. */
  readonly tabs: boolean;
  /** What was read before, for texts of usual characters. */
  readonly memo: SpanMemo | undefined;
  /** The same text as bytes where these are ASCII, so that offsets agree. */
  readonly ascii: Buffer | undefined;
  /** Offset of the next character. */
  pos: number;
  /** Offset at which the current line begins. */
  lineStart: number;
  /** Column at which the current line's content begins; -1 at the end of the text. */
  indent: number;
  /** Where the plain text scanned last ends. */
  plainEnd: number;
  depth: number;
}

/** Thrown to hand a text over to the thorough reader; never leaves the fast one. */
export class Unusual extends Error {}

const unusual = new Unusual('laid out unusually');

/** Gives up on the text: its layout is for the thorough reader. */
export function giveUp(): never {
  throw unusual;
}

/** Line breaks of YAML 1.1 beside line feed and carriage return, and the byte order mark. */
const otherBreaks = ['\x85', '\u2028', '\u2029', '\ufeff'];

/** Starts before the first line. */
export function createScan(text: string, { memo, ascii }: Pick<Partial<Scan>, 'memo' | 'ascii'> = {}): Scan {
  const tabs = text.includes('\t');
  const returns = text.includes('\r');
  const scan: Scan = {
    text,
    tabs,
    memo: tabs || returns ? undefined : memo,
    ascii,
    pos: 0,
    lineStart: 0,
    indent: 0,
    plainEnd: 0,
    depth: 0,
  };
  if (returns && /\r(?!\n)/.test(text)) giveUp();
  if (otherBreaks.some((char) => text.includes(char))) giveUp();
  return scan;
}

/** The character code at an offset; unlike charCodeAt never NaN, which would make every comparison slow. */
export function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : code.end;
}

/** V8 copies shorter stretches by itself. */
const copied = 13;

/** A stretch of the text that is to stay. A slice would be a window into the text, and hold all of it. */
export function takeText({ text, ascii }: Scan, start: number, end: number): string {
  return ascii === undefined || end - start < copied
    ? text.slice(start, end)
    : ascii.toString('latin1', start, end);
}

/** True for what ends a token: space, line end, end of text. */
export function isBreakOrSpace(char: number): boolean {
  return char === code.space || isLineEnd(char);
}

/** True at the end of a line or of the text. */
export function isLineEnd(char: number): boolean {
  return char === code.newline || char === code.carriageReturn || char === code.end;
}

/** From the start of a line to the first content at or after it, over blank lines and comments. */
export function toContent(scan: Scan): void {
  const { text } = scan;
  for (;;) {
    let at = scan.lineStart;
    let char = codeAt(text, at);
    while (char === code.space) char = codeAt(text, ++at);
    if (char === code.tab) giveUp();
    if (char === code.end) {
      scan.indent = -1;
      scan.pos = at;
      return;
    }
    if (char !== code.newline && char !== code.carriageReturn && char !== code.hash) {
      scan.indent = at - scan.lineStart;
      scan.pos = at;
      return;
    }
    scan.lineStart = nextLineStart(text, at);
  }
}

/** Offset of the line after the one that holds an offset; the end of the text when there is none. */
export function nextLineStart(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed + 1;
}

/** Moves on to the next content; only white space or a comment may be left on the line. */
export function endLine(scan: Scan): void {
  const { text } = scan;
  let at = scan.pos;
  let char = codeAt(text, at);
  while (char === code.space) char = codeAt(text, ++at);
  if (!isLineEnd(char) && !(char === code.hash && codeAt(text, at - 1) === code.space)) giveUp();
  scan.lineStart = nextLineStart(text, at);
  toContent(scan);
}

/** Moves over spaces within a line. */
export function skipSpaces(scan: Scan): void {
  while (codeAt(scan.text, scan.pos) === code.space) scan.pos++;
}

/** True at a `- ` (or a `-` that ends its line). */
export function isDash(scan: Scan): boolean {
  return codeAt(scan.text, scan.pos) === code.dash && isBreakOrSpace(codeAt(scan.text, scan.pos + 1));
}
