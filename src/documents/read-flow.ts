import { code, codeAt, giveUp, isLineEnd, skipSpaces, type Scan } from './block-scan.js';
import { readQuoted } from './block-quoted.js';
import type { JsonValue } from './json.js';
import { keyText, resolveScalar } from './resolve-scalar.js';
import { setEntry, type Entries } from './set-entry.js';

/** Reads a `[…]` or `{…}` that begins and ends on the current line; gives up on any other. */
export function readFlow(scan: Scan): JsonValue {
  if (++scan.depth > 64) giveUp();
  const isMapping = codeAt(scan.text, scan.pos) === code.openBrace;
  scan.pos++;
  const value = isMapping ? readFlowMapping(scan) : readFlowSequence(scan);
  scan.depth--;
  return value;
}

function readFlowSequence(scan: Scan): JsonValue {
  const items: JsonValue[] = [];
  for (;;) {
    skipSpaces(scan);
    if (items.length === 0 && closes(scan, code.closeBracket)) return items;
    items.push(readFlowValue(scan));
    skipSpaces(scan);
    if (closes(scan, code.closeBracket)) return items;
    expectComma(scan);
  }
}

function readFlowMapping(scan: Scan): JsonValue {
  const entries: Entries = {};
  let size = 0;
  for (;;) {
    skipSpaces(scan);
    if (size++ === 0 && closes(scan, code.closeBrace)) return entries;
    const key = readFlowKey(scan);
    if (entries[key] !== undefined) giveUp();
    setEntry(entries, key, readFlowValue(scan));
    skipSpaces(scan);
    if (closes(scan, code.closeBrace)) return entries;
    expectComma(scan);
  }
}

/** A member of a flow collection, by offsets; `name` is its key or its index. */
export interface FlowMember {
  readonly name: string;
  readonly start: number;
  readonly keyEnd: number;
  readonly value: number;
  readonly end: number;
}

/** The members of the `[…]` or `{…}` at the position. */
export function flowMembers(scan: Scan): FlowMember[] {
  const isMapping = codeAt(scan.text, scan.pos) === code.openBrace;
  const members: FlowMember[] = [];
  scan.pos++;
  for (;;) {
    skipSpaces(scan);
    if (closes(scan, isMapping ? code.closeBrace : code.closeBracket)) return members;
    if (members.length > 0) expectComma(scan);
    skipSpaces(scan);
    const start = scan.pos;
    const name = isMapping ? readFlowKey(scan) : String(members.length);
    const value = scan.pos;
    const keyEnd = isMapping
      ? start + scan.text.slice(start, scan.text.lastIndexOf(':', value)).trimEnd().length
      : start;
    readFlowValue(scan);
    members.push({
      name,
      start,
      keyEnd,
      value,
      end: start + scan.text.slice(start, scan.pos).trimEnd().length,
    });
  }
}

function closes(scan: Scan, bracket: number): boolean {
  if (codeAt(scan.text, scan.pos) !== bracket) return false;
  scan.pos++;
  return true;
}

function expectComma(scan: Scan): void {
  if (codeAt(scan.text, scan.pos) !== code.comma) giveUp();
  scan.pos++;
}

/** A key and its colon, after which a space must stand. */
function readFlowKey(scan: Scan): string {
  const key = isQuote(scan) ? readOneLine(scan) : flowKey(flowText(scan));
  if (key === undefined || key === '<<') giveUp();
  if (codeAt(scan.text, scan.pos) !== code.colon || codeAt(scan.text, scan.pos + 1) !== code.space) giveUp();
  scan.pos++;
  skipSpaces(scan);
  return key;
}

function flowKey(text: string): string | undefined {
  return keyText(resolveScalar(text), text);
}

function readFlowValue(scan: Scan): JsonValue {
  const char = codeAt(scan.text, scan.pos);
  if (char === code.openBrace || char === code.openBracket) return readFlow(scan);
  return isQuote(scan) ? readOneLine(scan) : finite(resolveScalar(flowText(scan)));
}

/** Infinity and NaN are for the thorough reader to refuse. */
function finite(value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value === 'number' && !Number.isFinite(value)) giveUp();
  return value;
}

function isQuote(scan: Scan): boolean {
  const char = codeAt(scan.text, scan.pos);
  return char === code.doubleQuote || char === code.singleQuote;
}

function readOneLine(scan: Scan): string {
  const line = scan.lineStart;
  const text = readQuoted(scan);
  if (scan.lineStart !== line) giveUp();
  return text;
}

/** Plain text in brackets, of the unproblematic characters only. */
function flowText(scan: Scan): string {
  const { text } = scan;
  const begin = scan.pos;
  let at = begin;
  let char = codeAt(text, at);
  for (; !isLineEnd(char) && isFlowPlain(char); char = codeAt(text, ++at));
  const ends =
    char === code.comma || char === code.closeBracket || char === code.closeBrace || char === code.colon;
  const found = text.slice(begin, at).trimEnd();
  const first = found.charCodeAt(0);
  if (!ends || found === '' || first === code.dash || first === 0x25 || first === 0x40) giveUp();
  scan.pos = at;
  return found;
}

/** Letters, digits and signs without a meaning of their own in flow style. */
function isFlowPlain(char: number): boolean {
  if ((char >= 0x30 && char <= 0x39) || (char >= 0x41 && char <= 0x5a) || (char >= 0x61 && char <= 0x7a))
    return true;
  return (
    char === 0x20 ||
    char === 0x2d ||
    char === 0x2e ||
    char === 0x2f ||
    char === 0x5f ||
    char === 0x25 ||
    char === 0x40
  );
}
