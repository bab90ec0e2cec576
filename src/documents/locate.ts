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
  readonly find: FindSpan;
}

const keptParses = 64;

/** Makes the `locate` of a load: nothing is parsed for positions before it is called. */
export function createLocate(places: WeakMap<Origin, TextPlace>, findIn: FindIn): Locate {
  const parsed = new Map<TextPlace['slice'], Located>();
  const open = (place: TextPlace): Located => {
    const known = parsed.get(place.slice);
    if (known !== undefined) return known;
    const { start, end, line } = place.slice;
    const text = place.reopen(start, end).toString('utf8');
    const located = { text, line, leading: leadingColumns(place), find: findIn(text, place) };
    if (parsed.size >= keptParses) parsed.delete([...parsed.keys()][0] ?? place.slice);
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
function leadingColumns({ reopen, slice: { start } }: TextPlace): number {
  for (let size = 1024; ; size *= 64) {
    const from = Math.max(0, start - size);
    const before = reopen(from, start);
    const feed = before.lastIndexOf(0x0a);
    if (feed >= 0 || from === 0) return before.toString('utf8', feed + 1).length;
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
