import type { Family } from './families.js';
import type { CheckContext, Subject, SubjectRef } from './subject.js';
import type { Confidence, Severity, Verdict } from './verdict.js';

/** What is known of a check apart from its logic. Family and slug come from its place in the tree. */
export interface CheckMeta {
  /** `FAMILY-000`; never reused. */
  readonly id: string;
  /** Starts with a capital, no full stop: what is wrong when it fails. */
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What its subjects are, in the plural: `ports of enrolled workloads`; said when the input holds none. */
  readonly examines: string;
  /**
   * Message key to text with `{placeholders}`. Where failures with one cause differ in a value, the values are
   * enumerated; `{subjects}` is filled by the runner. So word a message about the cause, in a way that reads with
   * one value and with several.
   */
  readonly messages: Readonly<Record<string, string>>;
  /** What to change, in the imperative; may use the placeholders of the messages. */
  readonly remediation: string;
  /**
   * `strict` for what is worth knowing but no reviewer would stop a change for; without it the check is part of
   * `baseline`, and so of `strict` too.
   */
  readonly profile?: 'baseline' | 'strict';
  /** Ids of controls, `framework/clause`: those of SP 800-53 and the closest of others; the crosswalk adds the rest. */
  readonly controls: readonly string[];
  /** Ids of the same condition in other tools. */
  readonly aliases?: readonly string[];
}

/** A check as its author writes it. */
export interface CheckDefinition<M extends CheckMeta, T> {
  readonly meta: M;
  /** All the check can judge; none means the check examined nothing, which is not a pass. */
  readonly subjects: (context: CheckContext) => readonly Subject<T>[];
  /** Judges one subject; may look at the whole mesh, reports only on the subject. */
  readonly judge: (value: T, context: CheckContext) => Verdict<keyof M['messages'] & string>;
}

/** One subject with the check's verdict on it. */
export interface Judged {
  readonly subject: SubjectRef;
  readonly verdict: Verdict | { readonly outcome: 'error'; readonly cause: string };
}

/** A check as the runner sees it: the type of its subjects is gone. */
export interface Check {
  readonly meta: CheckMeta;
  readonly run: (context: CheckContext) => readonly Judged[];
}

/** A check in the catalogue: with the names that its place in the tree gives it. */
export interface CatalogueCheck extends Check {
  readonly family: Family;
  readonly slug: string;
}

/**
 * Defines a check. Message keys are type-checked against `meta.messages`.
 * A judge that throws yields outcome `error` for its subject: never a silent pass.
 */
export function defineCheck<const M extends CheckMeta, T>(definition: CheckDefinition<M, T>): Check {
  const judge = ({ ref, value }: Subject<T>, context: CheckContext): Judged => {
    try {
      return { subject: ref, verdict: definition.judge(value, context) };
    } catch (cause) {
      return { subject: ref, verdict: { outcome: 'error', cause: String(cause) } };
    }
  };
  return {
    meta: definition.meta,
    run: (context) => definition.subjects(context).map((subject) => judge(subject, context)),
  };
}
