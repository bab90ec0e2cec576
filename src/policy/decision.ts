import type { FieldRef } from '#documents/document.js';

/** Something the input would have to hold for a decision to be possible. */
export interface MissingEvidence {
  /** Stable key, e.g. `namespace-labels`, `mesh-config`, `mesh-wide-peer-authentication`, `contested`. */
  readonly key: string;
  /** For people: what is not in the input, e.g. `labels of namespace payments`. */
  readonly text: string;
}

/** One resource that a decision looked at, and what it made of it. */
export interface Step {
  readonly at: FieldRef;
  /** E.g. `selected, but an older policy of the same level wins`. */
  readonly note: string;
}

/** What decided: a field of a resource, or Istio's own default. */
export type Cause = FieldRef | 'default';

/** A value with the reason for it. */
export interface Known<T> {
  readonly known: true;
  readonly value: T;
  readonly decidedBy: Cause;
  readonly considered: readonly Step[];
}

/** No value: the input does not hold what decides it. */
export interface Unknown {
  readonly known: false;
  readonly missing: readonly MissingEvidence[];
  readonly considered: readonly Step[];
}

/** The answer of one Istio decision, three-valued. */
export type Decision<T> = Known<T> | Unknown;

/** A known value. */
export function known<T>(value: T, decidedBy: Cause, considered: readonly Step[] = []): Known<T> {
  return { known: true, value, decidedBy, considered };
}

/** No value, for want of evidence. */
export function unknown(missing: readonly MissingEvidence[], considered: readonly Step[] = []): Unknown {
  return { known: false, missing, considered };
}
