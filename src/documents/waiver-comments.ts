import type { FieldRef, Locate, Origin } from './document.js';
import type { TextPlace } from './found-object.js';

/** A comment that waives something, on its line of the file. */
interface Comment {
  readonly line: number;
  readonly text: string;
}

/** What is known of the comments of one document. */
interface Commented {
  readonly comments: readonly Comment[];
  /** Lines that hold nothing but a comment. */
  readonly commentLines: ReadonlySet<number>;
  /** The first line that holds something else. */
  readonly firstContent: number;
}

/** What a comment that waives something holds. */
export const waiverMark = 'meshaudit:waive';
const waiver = /#\s*meshaudit:waive\s+(.*\S)/;
const nothing: readonly string[] = [];
const none: Commented = { comments: [], commentLines: new Set(), firstContent: 0 };

/**
 * Finds what comments waive: behind the field or in the lines right above it, or above everything in its document. In
 * the files `marked` as holding such comments, the text of a document is read again on the first question about it;
 * positions are computed only where it waives something.
 */
export function createWaiverComments(
  places: WeakMap<Origin, TextPlace>,
  locate: Locate,
  marked: ReadonlySet<string>,
): (at: FieldRef) => readonly string[] {
  const known = new WeakMap<TextPlace['slice'], Commented>();
  const read = (place: TextPlace): Commented => {
    const before = known.get(place.slice);
    if (before !== undefined) return before;
    const { start, end, line } = place.slice;
    const text = place.reopen(start, end).toString('utf8');
    const commented = text.includes(waiverMark) ? commentsOf(text, line) : none;
    known.set(place.slice, commented);
    return commented;
  };
  return (at) => {
    if (marked.size === 0) return nothing;
    const place = places.get(at.resource.origin);
    if (place?.format !== 'yaml' || !marked.has(at.resource.origin.file)) return nothing;
    const { comments, commentLines, firstContent } = read(place);
    if (comments.length === 0) return nothing;
    const { line } = locate(at);
    let top = line;
    while (commentLines.has(top - 1)) top--;
    return comments
      .filter((comment) => comment.line < firstContent || (comment.line >= top && comment.line <= line))
      .map(({ text }) => text);
  };
}

function commentsOf(text: string, firstLine: number): Commented {
  const lines = text.split(/\r?\n/);
  const comments: Comment[] = [];
  const commentLines = new Set<number>();
  let firstContent = Number.POSITIVE_INFINITY;
  lines.forEach((content, index) => {
    const line = firstLine + index;
    const found = content.includes(waiverMark) ? waiver.exec(content)?.[1] : undefined;
    if (found !== undefined) comments.push({ line, text: found });
    if (/^\s*#/.test(content)) commentLines.add(line);
    else if (content.trim() !== '' && !content.startsWith('---')) firstContent = Math.min(firstContent, line);
  });
  return { comments, commentLines, firstContent };
}
