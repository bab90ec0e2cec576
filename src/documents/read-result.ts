import type { ProblemCode } from './document.js';
import type { JsonValue } from './json.js';

/** Why a piece of text could not be read; the offset counts UTF-16 units from the start of the text. */
export interface ReadError {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly message: string;
}

/** A key that occurs twice in one mapping; the last value counts. */
export interface DuplicateKey {
  readonly key: string;
  readonly offset: number;
}

/** What a reader makes of one document. */
export type ReadResult =
  { readonly value: JsonValue; readonly duplicates: readonly DuplicateKey[] } | { readonly error: ReadError };
