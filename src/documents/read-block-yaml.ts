import {
  code,
  codeAt,
  createScan,
  endLine,
  giveUp,
  isBreakOrSpace,
  isDash,
  isLineEnd,
  skipSpaces,
  toContent,
  Unusual,
  type Scan,
} from './block-scan.js';
import { readIndentedQuoted, readQuoted } from './block-quoted.js';
import { readLiteral, readPlain, scanPlain, startsPlain } from './block-scalars.js';
import type { CutRule } from './cut-rule.js';
import type { JsonValue } from './json.js';
import { readFlow } from './read-flow.js';
import { keyText, resolveScalar } from './resolve-scalar.js';
import type { Entries } from './set-entry.js';
import { skimValue } from './skim-block.js';

/** A mapping or sequence being read: the column of its keys or dashes and what may be cut from its mappings. */
interface Frame {
  readonly column: number;
  readonly cut: CutRule;
}

/** What the reader asks before each entry of the root mapping: `stop` leaves the rest unread. */
export interface RootWatch {
  /** Told each entry of the root after it was read; returns the rule for the rest, or `stop`. */
  readonly after: (
    key: string,
    value: JsonValue,
    rest: { readonly text: string; readonly pos: number; readonly column: number },
  ) => CutRule | 'stop';
  readonly cut: CutRule;
}

/** What came of a text: its value, nothing because the watch stopped it, or `unusual` for the thorough reader. */
export type BlockResult = { readonly value: JsonValue } | 'stopped' | 'unusual';

const depthLimit = 100;

/**
 * Reads one document in the plain block style that kubectl prints, an order of magnitude faster than a full parser.
 * Gives the very values that the thorough reader gives, or says `unusual`. `member` texts are `- ` and one mapping.
 */
export function readBlockYaml(text: string, member: boolean, watch: RootWatch): BlockResult {
  try {
    const scan = createScan(text);
    toContent(scan);
    if (member) {
      if (!isDash(scan)) return 'unusual';
      scan.pos++;
      skipSpaces(scan);
    }
    if (scan.indent < 0) return { value: null };
    if (isLineEnd(codeAt(text, scan.pos)) || isDash(scan)) return 'unusual';
    const value = readRoot(scan, watch);
    if (value === undefined) return 'stopped';
    return scan.indent === -1 ? { value } : 'unusual';
  } catch (thrown) {
    if (thrown instanceof Unusual) return 'unusual';
    throw thrown;
  }
}

function readRoot(scan: Scan, watch: RootWatch): JsonValue | undefined {
  const column = scan.pos - scan.lineStart;
  const root: Entries = {};
  let { cut } = watch;
  do {
    const key = readKey(scan, root);
    const before = root[key];
    readEntry(scan, { column, cut }, { target: root, key });
    const value = root[key];
    if (value === undefined || value === before) continue;
    const next = watch.after(key, value, { text: scan.text, pos: scan.pos, column });
    if (next === 'stop') return undefined;
    cut = next;
  } while (scan.indent === column && !isDash(scan));
  return root;
}

function readMapping(scan: Scan, frame: Frame): Entries {
  const entries: Entries = {};
  if (++scan.depth > depthLimit) giveUp();
  do {
    const key = readKey(scan, entries);
    readEntry(scan, frame, { target: entries, key });
  } while (scan.indent === frame.column && !isDash(scan));
  if (scan.indent > frame.column) giveUp();
  scan.depth--;
  return entries;
}

/**
 * Reads a key and its colon. A key that the mapping has already, or that needs care (`$patch` marks a patch), is for the
 * thorough reader.
 */
export function readKey(scan: Scan, target: Entries): string {
  const { text } = scan;
  const begin = scan.pos;
  let key: string | undefined;
  if (startsPlain(scan)) {
    if (!scanPlain(scan)) giveUp();
    key = plainKey(text.slice(begin, scan.plainEnd));
  } else {
    const char = codeAt(text, begin);
    if (char !== code.doubleQuote && char !== code.singleQuote) giveUp();
    const line = scan.lineStart;
    key = readQuoted(scan);
    skipSpaces(scan);
    const single = scan.lineStart === line && codeAt(text, scan.pos) === code.colon;
    if (!single || !isBreakOrSpace(codeAt(text, scan.pos + 1))) giveUp();
  }
  if (
    codeAt(key, 0) === code.dollar ||
    key === '<<' ||
    key === '__proto__' ||
    scan.pos - begin > 1000 ||
    target[key] !== undefined
  )
    giveUp();
  scan.pos++;
  return key;
}

/** Words and numbers become the keys that Kubernetes makes of them. */
function plainKey(text: string): string {
  const first = codeAt(text, 0);
  const isLetter = (first >= 0x61 && first <= 0x7a) || (first >= 0x41 && first <= 0x5a);
  if (isLetter && text.length > 5) return text;
  const key = keyText(resolveScalar(text), text);
  if (key === undefined || text === '<<') giveUp();
  return key;
}

interface Entry {
  readonly target: Entries;
  readonly key: string;
}

function readEntry(scan: Scan, { column, cut }: Frame, { target, key }: Entry): void {
  const rule = cut(key);
  if (rule === 'cut') {
    skimValue(scan, column);
    return;
  }
  target[key] = readValue(scan, column, rule);
}

/** The value behind a colon: on the same line, or on the lines below. */
function readValue(scan: Scan, column: number, cut: CutRule): JsonValue {
  const { text } = scan;
  skipSpaces(scan);
  const char = codeAt(text, scan.pos);
  if (isLineEnd(char) || char === code.hash) {
    endLine(scan);
    if (scan.indent > column) return readNode(scan, { column, cut });
    return scan.indent === column && isDash(scan) ? readSequence(scan, { column, cut }) : null;
  }
  return readScalar(scan, column);
}

/** A mapping or sequence that begins at the position; a scalar there is rare and left to the thorough reader. */
function readNode(scan: Scan, { cut }: Frame): JsonValue {
  if (isDash(scan)) return readSequence(scan, { column: scan.indent, cut });
  return readMapping(scan, { column: scan.indent, cut });
}

function readSequence(scan: Scan, frame: Frame): JsonValue {
  const items: JsonValue[] = [];
  if (++scan.depth > depthLimit) giveUp();
  do {
    scan.pos++;
    items.push(readItem(scan, frame));
  } while (scan.indent === frame.column && isDash(scan));
  if (scan.indent > frame.column) giveUp();
  scan.depth--;
  return items;
}

/** What follows a `- `: a nested sequence or mapping in the same line, a scalar, or something on the lines below. */
function readItem(scan: Scan, { column, cut }: Frame): JsonValue {
  const { text } = scan;
  skipSpaces(scan);
  const char = codeAt(text, scan.pos);
  if (isLineEnd(char) || char === code.hash) {
    endLine(scan);
    return scan.indent > column ? readNode(scan, { column, cut }) : null;
  }
  const inner = scan.pos - scan.lineStart;
  if (isDash(scan)) return readSequence(scan, { column: inner, cut });
  return startsKey(scan) ? readMapping(scan, { column: inner, cut }) : readScalar(scan, column);
}

/** Looks ahead: whether the text at the position is a mapping key. */
export function startsKey(scan: Scan): boolean {
  const begin = scan.pos;
  const line = scan.lineStart;
  let isKey = false;
  if (startsPlain(scan)) {
    isKey = scanPlain(scan);
  } else {
    const char = codeAt(scan.text, begin);
    if (char !== code.doubleQuote && char !== code.singleQuote) return false;
    readQuoted(scan);
    skipSpaces(scan);
    isKey = codeAt(scan.text, scan.pos) === code.colon;
  }
  scan.pos = begin;
  scan.lineStart = line;
  return isKey;
}

function readScalar(scan: Scan, parent: number): JsonValue {
  const char = codeAt(scan.text, scan.pos);
  let value: JsonValue;
  switch (char) {
    case code.pipe:
      return readLiteral(scan, parent);
    case code.doubleQuote:
    case code.singleQuote:
      value = readIndentedQuoted(scan, parent);
      endLine(scan);
      break;
    case code.openBrace:
    case code.openBracket:
      value = readFlow(scan);
      endLine(scan);
      break;
    default:
      if (!startsPlain(scan)) giveUp();
      value = readPlain(scan, parent);
      if (typeof value === 'number' && !Number.isFinite(value)) giveUp();
  }
  if (scan.indent > parent) giveUp();
  return value;
}
