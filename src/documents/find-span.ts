import type { FieldPath } from './document.js';

/** A stretch of text, as UTF-16 offsets; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds a path in one document: from the key of the entry (or the start of the sequence member) to the end of its value
 * if that is a scalar, else to the end of the key. A path that leaves the document gives its nearest existing ancestor.
 */
export type FindSpan = (path: FieldPath) => Span;
