import {
  code,
  codeAt,
  endLine,
  giveUp,
  isBreakOrSpace,
  isDash,
  isLineEnd,
  nextLineStart,
  toContent,
  type Scan,
} from './block-scan.js';
import { quotedEnd } from './block-quoted.js';
import { scanPlain, startsPlain } from './block-scalars.js';
import { readFlow } from './read-flow.js';

/**
 * Moves over the value of a mapping entry without building it, minding quotes and block scalars, so that nothing in
 * them is taken for structure. The position is behind the key's colon; the mapping's keys stand at `column`.
 */
export function skimValue(scan: Scan, column: number): void {
  skimScalar(scan, column);
  while (scan.indent > column || (scan.indent === column && isDash(scan))) {
    if (!scan.tabs) skimPlainLines(scan, column);
    if (scan.indent > column || (scan.indent === column && isDash(scan))) skimLine(scan);
  }
}

/** Characters that make a line need a closer look: they may open a scalar or a collection that runs over lines. */
const telling = new Uint8Array(128);
for (const char of '"\'|>[{#&*!%@`?\r\n') telling[char.charCodeAt(0)] = 1;

/**
 * Moves over lines whose structure is their indentation alone: keys and plain scalars that end on their line. Stops
 * at the first line that is another, or that is no part of what is passed over.
 */
function skimPlainLines(scan: Scan, column: number): void {
  const { text } = scan;
  let { lineStart } = scan;
  let { pos } = scan;
  for (;;) {
    const content = contentAfterDashes(text, pos);
    const end = plainLineEnd(text, content);
    if (end < 0) break;
    const next = end + 1;
    let at = next;
    while (codeAt(text, at) === code.space) at++;
    const indent = at - next;
    const isBlank = isLineEnd(codeAt(text, at));
    // A deeper line behind a value goes on with that value, whatever it looks like.
    if (isBlank || (indent > content - lineStart && !opensNode(text, content, end))) break;
    lineStart = next;
    pos = at;
    const isItem = codeAt(text, at) === code.dash && isBreakOrSpace(codeAt(text, at + 1));
    if (indent < column || (indent === column && !isItem)) break;
  }
  if (lineStart === scan.lineStart) return;
  scan.lineStart = lineStart;
  toContent(scan);
}

/** True for a line whose value, if any, stands on the lines below. */
function opensNode(text: string, content: number, end: number): boolean {
  const last = codeAt(text, end - 1);
  return end === content || last === code.colon || (last === code.dash && end === content + 1);
}

function contentAfterDashes(text: string, from: number): number {
  let at = from;
  while (codeAt(text, at) === code.dash && codeAt(text, at + 1) === code.space) {
    at += 2;
    while (codeAt(text, at) === code.space) at++;
  }
  return at;
}

/**
 * Offset of the line feed when no token of the line begins with something telling, else -1. An empty mapping or a simple
 * quoted text at the end of the line is harmless.
 */
function plainLineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char >= 128 || telling[char] === 0) continue;
    if (char === code.newline) return at;
    if (char === code.carriageReturn) return -1;
    if (at === from) return -1;
    if (text.charCodeAt(at - 1) !== code.space) continue;
    if (char === code.openBrace) return text.startsWith('{}\n', at) ? at + 2 : -1;
    return char === code.doubleQuote || char === code.singleQuote ? quotedLineEnd(text, at) : -1;
  }
  return -1;
}

/** Offset of the line feed behind a quoted text without escapes that ends its line, else -1. */
function quotedLineEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) return codeAt(text, at + 1) === code.newline ? at + 1 : -1;
    if (char === code.newline || char === code.backslash) return -1;
  }
  return -1;
}

/** One line of structure: `- ` marks, then a key with or without value, or a scalar. */
export function skimLine(scan: Scan): void {
  const { text } = scan;
  let parent = scan.indent - 1;
  for (;;) {
    const char = codeAt(text, scan.pos);
    const mark = char === code.dash || char === code.question || char === code.colon;
    if (!mark || !isBreakOrSpace(codeAt(text, scan.pos + 1))) break;
    parent = scan.pos - scan.lineStart;
    scan.pos++;
    while (codeAt(text, scan.pos) === code.space) scan.pos++;
    if (isLineEnd(codeAt(text, scan.pos)) || codeAt(text, scan.pos) === code.hash) {
      endLine(scan);
      return;
    }
  }
  skimKeyOrScalar(scan, parent);
}

function skimKeyOrScalar(scan: Scan, parent: number): void {
  const { text } = scan;
  const column = scan.pos - scan.lineStart;
  if (startsPlain(scan)) {
    if (!scanPlain(scan)) {
      skipDeeper(scan, parent);
      return;
    }
  } else if (isQuote(codeAt(text, scan.pos))) {
    skimQuoted(scan);
    const after = scan.pos;
    while (codeAt(text, scan.pos) === code.space) scan.pos++;
    if (codeAt(text, scan.pos) !== code.colon) {
      scan.pos = after;
      endLine(scan);
      return;
    }
  } else {
    skimScalar(scan, parent);
    return;
  }
  scan.pos++;
  skimScalar(scan, column);
}

function isQuote(char: number): boolean {
  return char === code.doubleQuote || char === code.singleQuote;
}

function skimQuoted(scan: Scan): void {
  const end = quotedEnd(scan);
  scan.lineStart = Math.max(scan.lineStart, scan.text.lastIndexOf('\n', end) + 1);
  scan.pos = end + 1;
}

/** A scalar, or nothing, on the rest of the line; lines deeper than the parent belong to it. */
function skimScalar(scan: Scan, parent: number): void {
  const { text } = scan;
  while (codeAt(text, scan.pos) === code.space) scan.pos++;
  const char = codeAt(text, scan.pos);
  if (isLineEnd(char) || char === code.hash) {
    endLine(scan);
  } else if (isQuote(char)) {
    skimQuoted(scan);
    endLine(scan);
  } else if (char === code.pipe || char === 0x3e) {
    skipDeeper(scan, parent);
  } else if (char === code.openBrace || char === code.openBracket) {
    readFlow(scan);
    endLine(scan);
  } else {
    if (!startsPlain(scan) || scanPlain(scan)) giveUp();
    skipDeeper(scan, parent);
  }
}

/** Over the lines of a block scalar, or the further lines of a plain one, whatever they hold. */
function skipDeeper(scan: Scan, parent: number): void {
  const { text } = scan;
  // Nothing goes on behind a comment.
  const ended = codeAt(text, scan.pos) === code.hash;
  let line = nextLineStart(text, scan.pos);
  for (; line < text.length; line = nextLineStart(text, line)) {
    let at = line;
    while (codeAt(text, at) === code.space) at++;
    const char = codeAt(text, at);
    if (isLineEnd(char)) continue;
    if (at - line <= parent) {
      if (char === code.tab) giveUp();
      break;
    }
    if (ended && char !== code.hash) giveUp();
  }
  scan.lineStart = line;
  toContent(scan);
}
