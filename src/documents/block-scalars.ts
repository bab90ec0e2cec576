import {
  code,
  codeAt,
  giveUp,
  isBreakOrSpace,
  isLineEnd,
  nextLineStart,
  takeText,
  toContent,
  type Scan,
} from './block-scan.js';
import { resolveScalar } from './resolve-scalar.js';

/** Characters that no plain scalar may begin with (a space, `-`, `?` and `:` are looked at apart). */
const indicators = new Uint8Array(128);
for (const char of '[]{},#&*!|>\'"%@`') indicators[char.charCodeAt(0)] = 1;

/** Characters that may end plain text. */
const ends = new Uint8Array(128);
for (const char of ':#\r\n') ends[char.charCodeAt(0)] = 1;

/** True when a plain scalar can begin at the position. */
export function startsPlain(scan: Scan): boolean {
  const char = codeAt(scan.text, scan.pos);
  if (char === code.dash || char === code.question || char === code.colon) {
    return !isBreakOrSpace(codeAt(scan.text, scan.pos + 1)) && !scan.tabs;
  }
  return indicators[char] !== 1 && !isLineEnd(char);
}

/**
 * Scans plain text on one line: up to a `:` that makes it a key (true), or to the end of the line or a comment (false).
 * Leaves the position there, and the end of the text without trailing spaces in `plainEnd`.
 */
export function scanPlain(scan: Scan): boolean {
  const { text } = scan;
  const { length } = text;
  let at = scan.pos;
  let isKey = false;
  for (; at < length; at++) {
    const char = text.charCodeAt(at);
    if (char >= 128 || ends[char] === 0) continue;
    if (char === code.colon) {
      isKey = isBreakOrSpace(codeAt(text, at + 1));
      if (isKey) break;
    } else if (char !== code.hash || codeAt(text, at - 1) === code.space) break;
  }
  if (scan.tabs && text.slice(scan.pos, isKey ? at + 2 : at).includes('\t')) giveUp();
  let end = at;
  while (end > scan.pos && text.charCodeAt(end - 1) === code.space) end--;
  scan.pos = at;
  scan.plainEnd = end;
  return isKey;
}

/** The value of a plain scalar whose first line was scanned; lines deeper than the parent continue it. */
export function finishPlain(scan: Scan, parent: number, first: string): string | number | boolean | null {
  const { text } = scan;
  const commented = codeAt(text, scan.pos) === code.hash;
  const start = nextLineStart(text, scan.pos);
  scan.lineStart = start;
  toContent(scan);
  if (scan.indent <= parent) return resolveScalar(first);
  if (commented) giveUp();
  return resolveScalar(first + foldPlain(scan, parent, start));
}

/** One line break becomes a space, n of them n-1 breaks. */
function foldPlain(scan: Scan, parent: number, from: number): string {
  const { text } = scan;
  let folded = '';
  let previous = from;
  while (scan.indent > parent) {
    const breaks = blankLines(text, previous, scan.lineStart);
    const begin = scan.pos;
    if (scanPlain(scan) || codeAt(text, scan.pos) === code.hash) giveUp();
    folded += (breaks === 0 ? ' ' : '\n'.repeat(breaks)) + text.slice(begin, scan.plainEnd);
    previous = nextLineStart(text, scan.pos);
    scan.lineStart = previous;
    toContent(scan);
  }
  return folded;
}

/** How many lines lie between two line starts; a comment among them ends a plain scalar, so it is not for us. */
function blankLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at = nextLineStart(text, at)) {
    if (text.slice(at, nextLineStart(text, at)).includes('#')) giveUp();
    lines++;
  }
  return lines;
}

/** Reads a literal block scalar (`|`) whose parent stands at a column, and moves on to the next content. */
export function readLiteral(scan: Scan, parent: number): string {
  const { text } = scan;
  const header = /^\|([-+]?)([1-9]?)([-+]?) *(?: #[^\n]*)?\r?(?:\n|$)/.exec(
    text.slice(scan.pos, nextLineStart(text, scan.pos)),
  );
  if (header === null || (header[1] !== '' && header[3] !== '')) giveUp();
  const chomp = header[1] === '' ? header[3] : header[1];
  scan.lineStart = nextLineStart(text, scan.pos);
  const column = header[2] === '' ? contentColumn(scan, parent) : Math.max(parent, 0) + Number(header[2]);
  const body = literalBody(scan, column);
  if (isOddBlock(scan, body) || (header[2] !== '' && endsInSpaces(body))) giveUp();
  toContent(scan);
  const content = body.replace(/\n+$/, '');
  if (chomp === '+') return body;
  return chomp === '-' || content === '' ? content : content === body ? body : `${content}\n`;
}

/** A tab where the indentation is still to be told, or a last line of nothing but spaces without a line end. */
function isOddBlock(scan: Scan, body: string): boolean {
  const { text, tabs, lineStart } = scan;
  return (tabs && /^\s*\t/.test(body)) || (lineStart >= text.length && /[ \t]$/.test(text));
}

/** Lines of nothing but spaces at the end, beyond a stated indentation: readers differ on whether they are content. */
function endsInSpaces(body: string): boolean {
  const content = body.trimEnd();
  const rest = body.slice(content.length);
  return rest.includes(' ', content === '' ? 0 : rest.indexOf('\n'));
}

/** The column of the first line that is not blank; blank ones before it may not be deeper. */
function contentColumn(scan: Scan, parent: number): number {
  const { text } = scan;
  let deepest = 0;
  for (let line = scan.lineStart; ; line = nextLineStart(text, line)) {
    let at = line;
    while (codeAt(text, at) === code.space) at++;
    if (codeAt(text, at) === code.end) return Math.max(parent + 1, deepest);
    if (!isLineEnd(codeAt(text, at))) {
      if (at - line <= parent) return Math.max(parent + 1, deepest);
      if (at - line < deepest) giveUp();
      return at - line;
    }
    deepest = Math.max(deepest, at - line);
  }
}

/** The lines from the given column on, each with its line feed; ends before the first line that is less indented. */
function literalBody(scan: Scan, column: number): string {
  const { text } = scan;
  let body = '';
  let line = scan.lineStart;
  while (line < text.length) {
    let at = line;
    while (at < line + column && codeAt(text, at) === code.space) at++;
    const char = codeAt(text, at);
    const next = nextLineStart(text, at);
    if (at < line + column) {
      if (char === code.tab) giveUp();
      if (!isLineEnd(char)) break;
      body += '\n';
    } else {
      body += text.slice(at, next);
    }
    line = next;
  }
  scan.lineStart = line;
  return text.includes('\r') ? body.replaceAll('\r\n', '\n') : body;
}

/** Reads the rest of the line as a plain scalar, or gives up where the line holds a nested key. */
export function readPlain(scan: Scan, parent: number): string | number | boolean | null {
  const begin = scan.pos;
  if (scanPlain(scan)) giveUp();
  return finishPlain(scan, parent, takeText(scan, begin, scan.plainEnd));
}
