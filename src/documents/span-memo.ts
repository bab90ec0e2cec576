import { code, codeAt, isBreakOrSpace, isLineEnd, takeText, type Scan } from './block-scan.js';
import type { CutRule } from './cut-rule.js';
import type { JsonValue } from './json.js';

/** Where a stretch of text in block style begins, and all that its meaning depends on beside the text. */
export interface SpanPlace {
  readonly start: number;
  /** Column of its first character. */
  readonly column: number;
  /** Column of the key whose value it is, or of the dash. */
  readonly parent: number;
  /** True for what follows a dash: the next dash at the parent's column ends it. */
  readonly item: boolean;
  readonly rule: CutRule;
  readonly slot: number;
}

interface Known {
  readonly span: string;
  readonly place: SpanPlace;
  readonly value: JsonValue;
}

/**
 * Remembers what stretches of text were read as. The Pods of a dump are alike but for names and addresses: what is
 * written alike is read once, and its value is shared, which nobody minds who does not change what was read.
 */
export interface SpanMemo {
  /** Moves over the text at a place and gives its value, if it was read before. */
  readonly find: (scan: Scan, place: SpanPlace) => JsonValue | undefined;
  /** Notes that the text from a place up to the scan's line was read as a value. */
  readonly note: (scan: Scan, place: SpanPlace, value: JsonValue) => void;
}

const slots = 1024;
const longest = 8192;
/** How many characters tell where to look for a stretch. */
const telling = 48;

/** A memo with nothing in it. Stretches below `shortest` are as fast to read as to compare. */
export function createSpanMemo(shortest = 24): SpanMemo {
  const known = new Array<Known | undefined>(slots).fill(undefined);
  return {
    find: (scan, place) => {
      const found = known[place.slot];
      if (found === undefined || !isSamePlace(found.place, place)) return undefined;
      const end = place.start + found.span.length;
      // Comparing slices takes V8 a fraction of the time of startsWith.
      if (scan.text.slice(place.start, end) !== found.span) return undefined;
      return passOver(scan, end, place) ? found.value : undefined;
    },
    note: (scan, place, value) => {
      const { lineStart: end, indent } = scan;
      const length = end - place.start;
      if (length < shortest || length > longest || indent < 0) return;
      known[place.slot] = { span: takeText(scan, place.start, end), place, value };
    },
  };
}

/** The place at the position of a scan. */
export function placeAt(
  { text, pos, lineStart }: Scan,
  outer: Pick<SpanPlace, 'parent' | 'item' | 'rule'>,
): SpanPlace {
  const column = pos - lineStart;
  const end = Math.min(text.length, pos + telling);
  let hash = column;
  for (let at = pos; at < end; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  const slot = (hash ^ (hash >>> 10)) & (slots - 1);
  return { start: pos, column, parent: outer.parent, item: outer.item, rule: outer.rule, slot };
}

function isSamePlace(a: SpanPlace, b: SpanPlace): boolean {
  return a.column === b.column && a.parent === b.parent && a.item === b.item && a.rule === b.rule;
}

/** Moves to the line at an offset, when content stands there that does not go on with what was passed over. */
function passOver(scan: Scan, end: number, { parent, item }: SpanPlace): boolean {
  const { text } = scan;
  let at = end;
  while (codeAt(text, at) === code.space) at++;
  const char = codeAt(text, at);
  const indent = at - end;
  if (isLineEnd(char) || char === code.hash || char === code.tab || indent > parent) return false;
  if (!item && indent === parent && char === code.dash && isBreakOrSpace(codeAt(text, at + 1))) return false;
  scan.lineStart = end;
  scan.pos = at;
  scan.indent = indent;
  return true;
}
