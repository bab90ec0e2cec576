import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** How sure a finding is when it is raised: `high` = follows from Istio's semantics alone. */
export type Confidence = 'high' | 'medium' | 'low';

/** Values that fill a message's placeholders. */
export type MessageData = Readonly<Record<string, string | number>>;

/** A place that helps to understand a finding, with a word on what it shows. */
export interface Related {
  readonly at: FieldRef;
  readonly note: string;
}

/** What a failing judge hands back; the runner turns it into (a part of) a finding. */
export interface Failure<Key extends string = string> {
  readonly message: Key;
  readonly data?: MessageData;
  /** The field to edit. */
  readonly at: FieldRef;
  /**
   * Subjects that fail by the same message and cause are one finding. Default cause: the place `at`.
   * Give one where the cause is an absence (`no mesh-wide PeerAuthentication`), for then every subject has its own place.
   */
  readonly cause?: string;
  /**
   * Failures that are alike by this text are one finding, wherever they stand and in whichever environment: for one
   * mistake made over and over. The finding is known by its cause, else by the first place.
   */
  readonly like?: string;
  readonly related?: readonly Related[];
  /** Overrides the check's severity for this failure. */
  readonly severity?: Severity;
  /** Its severity before it was raised because the subject is sensitive. */
  readonly raisedFrom?: Severity;
  /** Concrete remediation for this failure; default: the check's, with placeholders filled from `data`. */
  readonly remediation?: string;
}

export type Verdict<Key extends string = string> =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'notApplicable'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly missing: readonly MissingEvidence[] }
  | { readonly outcome: 'fail'; readonly failures: readonly Failure<Key>[] };

/** The subject satisfies the check. */
export const pass: Verdict<never> = { outcome: 'pass' };

/** The check has no meaning for this subject; the reason is shown to those who ask why nothing was judged. */
export function notApplicable(reason: string): Verdict<never> {
  return { outcome: 'notApplicable', reason };
}

/** The input does not hold what decides it. */
export function unknown(missing: readonly MissingEvidence[]): Verdict<never> {
  return { outcome: 'unknown', missing };
}

/** The subject fails, in one place or in several. */
export function fail<const Key extends string>(...failures: readonly Failure<Key>[]): Verdict<Key> {
  return { outcome: 'fail', failures };
}

/** What is gathered of the parts of a subject. */
interface Parts<Key extends string> {
  failures: Failure<Key>[] | undefined;
  missing: MissingEvidence[] | undefined;
  skipped: Verdict<Key> | undefined;
  passes: boolean;
}

const noParts = <Key extends string>(): Parts<Key> => ({
  failures: undefined,
  missing: undefined,
  skipped: undefined,
  passes: false,
});

function addPart<Key extends string>(parts: Parts<Key>, part: Verdict<Key>): void {
  if (part.outcome === 'pass') parts.passes = true;
  else if (part.outcome === 'notApplicable') parts.skipped ??= part;
  else if (part.outcome === 'unknown') (parts.missing ??= []).push(...part.missing);
  else for (const failure of part.failures) (parts.failures ??= []).push(failure);
}

function verdictOn<Key extends string>({ failures, missing, skipped, passes }: Parts<Key>): Verdict<Key> {
  if (failures !== undefined) return { outcome: 'fail', failures };
  if (missing !== undefined) return { outcome: 'unknown', missing };
  return passes || skipped === undefined ? pass : skipped;
}

/**
 * The verdict on a subject whose parts were judged one by one: fails where a part fails, is unknown when the rest
 * holds an unknown part, passes when some part passes; not applicable when no part is, for the first reason given.
 */
export function allOf<Key extends string>(verdicts: readonly Verdict<Key>[]): Verdict<Key> {
  const parts = noParts<Key>();
  for (const verdict of verdicts) addPart(parts, verdict);
  return verdictOn(parts);
}

/** As `allOf`, of what `judge` says of each part; for parts that are many, of which most pass. */
export function allJudged<T, Key extends string>(
  values: readonly T[],
  judge: (value: T) => Verdict<Key>,
): Verdict<Key> {
  const parts = noParts<Key>();
  for (const value of values) addPart(parts, judge(value));
  return verdictOn(parts);
}
