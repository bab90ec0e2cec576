import {
  code,
  codeAt,
  createScan,
  endLine,
  giveUp,
  isDash,
  isLineEnd,
  skipSpaces,
  toContent,
  Unusual,
  type Scan,
} from './block-scan.js';
import { readKey, startsKey } from './block-key.js';
import { readIndentedQuoted } from './block-quoted.js';
import { readLiteral, readPlain, startsPlain } from './block-scalars.js';
import type { CutRule } from './cut-rule.js';
import type { JsonValue } from './json.js';
import { readFlow } from './read-flow.js';
import type { Entries } from './set-entry.js';
import { skimValue } from './skim-block.js';
import { placeAt, type SpanMemo } from './span-memo.js';

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
  readonly memo?: SpanMemo | undefined;
  /** The text as bytes, where these are ASCII. */
  readonly ascii?: Buffer | undefined;
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
    const scan = createScan(text, watch);
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
    const nested = scan.indent > column || (scan.indent === column && isDash(scan));
    return nested ? readOnce(scan, { column, cut }, false) : null;
  }
  return readScalar(scan, column);
}

/** What stands at the position, from memory where the same was read before. */
function readOnce(scan: Scan, frame: Frame, item: boolean): JsonValue {
  const { memo } = scan;
  if (memo === undefined) return item ? readItemMapping(scan, frame) : readNode(scan, frame);
  const place = placeAt(scan, { parent: frame.column, item, rule: frame.cut });
  const known = memo.find(scan, place);
  if (known !== undefined) return known;
  const value = item ? readItemMapping(scan, frame) : readNode(scan, frame);
  memo.note(scan, place, value);
  return value;
}

function readItemMapping(scan: Scan, { cut }: Frame): JsonValue {
  return readMapping(scan, { column: scan.pos - scan.lineStart, cut });
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
  return startsKey(scan) ? readOnce(scan, { column, cut }, true) : readScalar(scan, column);
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
