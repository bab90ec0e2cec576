import type { Locate, Location, Origin } from './document.js';
import type { FindSpan, Span } from './find-span.js';
import type { TextPlace } from './found-object.js';

/** Parses the text of a place so that paths can be found in it. */
export type FindIn = (text: string, place: TextPlace) => FindSpan;

/** The text of a place, read again and parsed when the first finding in it asks for a position. */
interface Located {
  readonly text: string;
  readonly line: number;
  /** UTF-16 units before the text on its first line. */
  readonly leading: number;
  /** What it takes of `keptText`. */
  readonly size: number;
  readonly find: FindSpan;
}

/** How much text is kept for further positions, in UTF-16 units; small documents hold the places of many findings. */
const keptText = 2_097_152;

/** A document that our own reader can not read is parsed to a tree, which is so much larger than its text. */
const treeFactor = 32;

/** Before the text of a place as much is read along as most lines are long. */
const lineBefore = 1024;

/** Makes the `locate` of a load: nothing is parsed for positions before it is called. */
export function createLocate(places: WeakMap<Origin, TextPlace>, findIn: FindIn): Locate {
  const parsed = new Map<TextPlace['slice'], Located>();
  let kept = 0;
  const letGo = (): void => {
    for (const [slice, { size }] of parsed) {
      if (kept <= keptText) return;
      parsed.delete(slice);
      kept -= size;
    }
  };
  const open = (place: TextPlace): Located => {
    const known = parsed.get(place.slice);
    if (known !== undefined) return known;
    const { start, end, line } = place.slice;
    const from = Math.max(0, start - lineBefore);
    const bytes = place.reopen(from, end);
    const text = bytes.toString('utf8', start - from);
    const leading = leadingColumns(place, bytes.subarray(0, start - from));
    const size = text.length * (place.plain ? 1 : treeFactor);
    const located = { text, line, leading, size, find: findIn(text, place) };
    kept += size;
    letGo();
    parsed.set(place.slice, located);
    return located;
  };
  return ({ resource: { origin }, path }) => {
    const place = places.get(origin);
    const begin: Location = { file: origin.file, line: origin.line, column: 1 };
    if (place === undefined) return begin;
    try {
      const located = open(place);
      return toLocation(origin.file, located, located.find([...place.prefix, ...path]));
    } catch {
      return begin;
    }
  };
}

/** UTF-16 units before a place on its line; read backwards, since a line may be as long as the file. */
function leadingColumns({ reopen, slice: { start } }: TextPlace, read: Buffer): number {
  let before = read;
  for (let size = lineBefore * 64; ; size *= 64) {
    const feed = before.lastIndexOf(0x0a);
    if (feed >= 0 || before.length === start) return before.toString('utf8', feed + 1).length;
    before = reopen(Math.max(0, start - size), start);
  }
}

/** Lines and columns of a span; one that runs over several lines is cut at the end of the first. */
function toLocation(file: string, { text, line, leading }: Located, span: Span): Location {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = lineBreak(text, span.start);
  const offset = lineStart === 0 || span.start === 0 ? leading : 0;
  const column = span.start - (span.start === 0 ? 0 : lineStart) + offset + 1;
  const length = Math.max(0, Math.min(span.end, lineEnd) - span.start);
  const found = line + countBreaks(text, span.start);
  return { file, line: found, column, endLine: found, endColumn: column + length };
}

function lineBreak(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  if (feed < 0) return text.length;
  return feed > from && text.charCodeAt(feed - 1) === 0x0d ? feed - 1 : feed;
}

function countBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
