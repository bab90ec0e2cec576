import type { FieldPath } from '#documents/document.js';

/** Which rule an object breaks. */
export type InvalidityCode =
  | 'unknown-field'
  | 'type'
  | 'enum'
  | 'required'
  | 'pattern'
  | 'limit'
  | 'one-of'
  | 'duplicate'
  | 'cel'
  | 'webhook'
  | 'metadata'
  | 'not-served'
  | 'removed-api';

/** One thing wrong with an object. */
export interface Invalidity {
  readonly code: InvalidityCode;
  /** The field at fault, from the root of the object. */
  readonly path: FieldPath;
  readonly message: string;
  /** The field or value that was probably meant. */
  readonly suggestion?: string;
}

/** What the API server (CRD schema, CEL) and Istio's webhook would answer about an object. */
export interface Validation {
  /** False when the API server has no such kind or does not serve this version of it. */
  readonly servedKind: boolean;
  /** Errors for which the API server refuses the object; empty = schema valid. */
  readonly schema: readonly Invalidity[];
  /** Fields that the schema does not have: refused by a strict client, dropped by a lenient one. */
  readonly unknownFields: readonly Invalidity[];
  /** The webhook's answer; undefined for kinds whose webhook rules are not implemented. */
  readonly webhook: { readonly errors: readonly Invalidity[]; readonly warnings: readonly Invalidity[] } | undefined;
}
