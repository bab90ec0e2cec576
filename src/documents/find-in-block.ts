import {
  code,
  codeAt,
  createScan,
  endLine,
  isDash,
  isLineEnd,
  skipSpaces,
  toContent,
  type Scan,
} from './block-scan.js';
import { quotedEnd } from './block-quoted.js';
import { scanPlain } from './block-scalars.js';
import type { FieldPath } from './document.js';
import type { FindSpan, Span } from './find-span.js';
import { flowMembers, readFlow } from './read-flow.js';
import { readKey, startsKey } from './block-key.js';
import { skimLine, skimValue } from './skim-block.js';

/** Finds paths in a document that the fast reader understood, by walking its lines; nothing beside the path is built. */
export function findInBlock(text: string): FindSpan {
  return (path) => {
    const scan = createScan(text);
    toContent(scan);
    const walk: Walk = { scan, path, step: 0, span: { start: scan.pos, end: scan.pos } };
    walkNode(walk);
    return walk.span;
  };
}

interface Walk {
  readonly scan: Scan;
  readonly path: FieldPath;
  step: number;
  /** The deepest place found so far. */
  span: Span;
}

/** A node that begins at the position. Leaves the best span in the walk. */
function walkNode(walk: Walk): void {
  const { scan } = walk;
  const start = scan.pos;
  const char = codeAt(scan.text, start);
  if (isDash(scan)) {
    walk.span = { start, end: Math.max(start, lineEnd(scan)) };
    walkSequence(walk, start - scan.lineStart);
  } else if (startsKey(scan)) {
    walk.span = keySpan(scan);
    walkMapping(walk, start - scan.lineStart);
  } else {
    walk.span = { start, end: scalarEnd(scan) };
    if (char === code.openBrace || char === code.openBracket) walkFlow(walk, start);
  }
}

function walkMapping(walk: Walk, column: number): void {
  const { scan, path } = walk;
  const step = path[walk.step];
  if (step === undefined) return;
  do {
    const start = scan.pos;
    const found = readKey(scan, {}) === String(step);
    if (!found) {
      skimValue(scan, column);
      continue;
    }
    const keyEnd = trimmedEnd(scan.text, start, scan.pos - 1);
    enterValue(walk, { start, keyEnd, column });
    return;
  } while (scan.indent === column && !isDash(scan));
}

interface Entry {
  readonly start: number;
  readonly keyEnd: number;
  readonly column: number;
}

function enterValue(walk: Walk, { start, keyEnd, column }: Entry): void {
  const { scan } = walk;
  walk.step++;
  skipSpaces(scan);
  const char = codeAt(scan.text, scan.pos);
  if (!isLineEnd(char) && char !== code.hash) {
    const value = scan.pos;
    const isFlow = char === code.openBrace || char === code.openBracket;
    walk.span = { start, end: isFlow || char === code.pipe ? keyEnd : scalarEnd(scan) };
    if (isFlow) walkFlow(walk, value);
    return;
  }
  walk.span = { start, end: keyEnd };
  if (walk.step === walk.path.length) return;
  endLine(scan);
  const nested = scan.indent > column || (scan.indent === column && isDash(scan));
  if (nested) descend(walk);
}

/** Into a node below its key; the span of the entry stays when the next step is not found there. */
function descend(walk: Walk): void {
  const outer = walk.span;
  const { step } = walk;
  walkNode(walk);
  if (walk.step === step) walk.span = outer;
}

function walkSequence(walk: Walk, column: number): void {
  const { scan, path } = walk;
  const index = Number(path[walk.step]);
  if (walk.step >= path.length) return;
  for (let count = 0; scan.indent === column || count === 0; count++) {
    if (!isDash(scan)) return;
    if (count === index) {
      walk.step++;
      enterItem(walk, column);
      return;
    }
    skimLine(scan);
    while (scan.indent > column) skimLine(scan);
  }
}

function enterItem(walk: Walk, column: number): void {
  const { scan } = walk;
  const dash = scan.pos;
  scan.pos++;
  skipSpaces(scan);
  const char = codeAt(scan.text, scan.pos);
  if (!isLineEnd(char) && char !== code.hash) {
    walkNode(walk);
    return;
  }
  endLine(scan);
  walk.span = { start: dash, end: dash + 1 };
  if (scan.indent > column) walkNode(walk);
}

function walkFlow(walk: Walk, start: number): void {
  const { scan, path } = walk;
  const step = path[walk.step];
  if (step === undefined) return;
  scan.pos = start;
  const member = flowMembers(scan).find(({ name }) => name === String(step));
  if (member === undefined) return;
  walk.step++;
  const char = codeAt(scan.text, member.value);
  const nested = char === code.openBrace || char === code.openBracket;
  const isItem = member.start === member.value;
  walk.span = { start: member.start, end: nested && !isItem ? member.keyEnd : member.end };
  if (nested) walkFlow(walk, member.value);
}

function keySpan(scan: Scan): Span {
  const { pos: start, lineStart } = scan;
  readKey(scan, {});
  const span = { start, end: trimmedEnd(scan.text, start, scan.pos - 1) };
  scan.pos = start;
  scan.lineStart = lineStart;
  return span;
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** Where the first line of the scalar at the position ends; the position is left alone. */
function scalarEnd(scan: Scan): number {
  const start = scan.pos;
  const char = codeAt(scan.text, start);
  if (char === code.doubleQuote || char === code.singleQuote) return quotedEnd(scan) + 1;
  if (char === code.openBrace || char === code.openBracket) {
    readFlow(scan);
    const end = scan.pos;
    scan.pos = start;
    return end;
  }
  if (char === code.pipe) return start + 1;
  scanPlain(scan);
  scan.pos = start;
  return scan.plainEnd;
}

function lineEnd(scan: Scan): number {
  const feed = scan.text.indexOf('\n', scan.pos);
  return feed < 0 ? scan.text.length : feed;
}
