import type { Slice } from './split-yaml.js';

const newline = 0x0a;

/** A line and column, both from 1; columns count UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The text of a slice. */
export function sliceText(bytes: Buffer, slice: Slice): string {
  return bytes.toString('utf8', slice.start, slice.end);
}

/** Where in the file an offset into the text of a slice lies. */
export function positionAt(bytes: Buffer, slice: Slice, offset: number): TextPosition {
  const before = sliceText(bytes, slice).slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  const column = before.length - lastBreak;
  return lastBreak < 0
    ? { line: slice.line, column: column + leadingColumns(bytes, slice.start) }
    : { line: slice.line + countBreaks(before), column };
}

/** UTF-16 units on the line of an offset before it. */
export function leadingColumns(bytes: Buffer, start: number): number {
  const lineStart = bytes.lastIndexOf(newline, start - 1) + 1;
  return start === 0 || lineStart === start ? 0 : bytes.toString('utf8', lineStart, start).length;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
