import type { CheckOptions, OptionValues } from './check-options.js';
import { optionValues } from './check-options.js';
import type { Family } from './families.js';
import type { CheckContext, Subject, SubjectRef } from './subject.js';
import type { Confidence, Severity, Verdict } from './verdict.js';
import { notApplicable } from './verdict.js';

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
  /** Ids of checks that say less of the same cause in the same object: theirs is then no finding of its own. */
  readonly tellsMoreThan?: readonly string[];
  /** What a config can set: thresholds, and lists of what is meant to be so. */
  readonly options?: CheckOptions;
}

/** A check as its author writes it. */
export interface CheckDefinition<M extends CheckMeta, T, O extends CheckOptions = CheckOptions> {
  readonly meta: M & { readonly options?: O };
  /** All the check can judge; none means the check examined nothing, which is not a pass. */
  readonly subjects: (context: CheckContext) => readonly Subject<T>[];
  /** Why no subject of a mesh can be judged, where one reason holds for all: then none is looked at. */
  readonly unless?: (context: CheckContext) => string | undefined;
  /** Judges one subject; may look at the whole mesh, reports only on the subject. Each option has a value. */
  readonly judge: (
    value: T,
    context: CheckContext,
    options: OptionValues<O>,
  ) => Verdict<keyof M['messages'] & string>;
}

/** One subject with the check's verdict on it. */
export interface Judged {
  readonly subject: SubjectRef;
  readonly verdict: Verdict | { readonly outcome: 'error'; readonly cause: string };
}

/** A check as the runner sees it: the type of its subjects is gone. */
export interface Check {
  readonly meta: CheckMeta;
  /** `given`: values of its options, where they are not the defaults. */
  readonly run: (context: CheckContext, given?: Readonly<Record<string, unknown>>) => readonly Judged[];
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
export function defineCheck<const M extends CheckMeta, T, const O extends CheckOptions>(
  definition: CheckDefinition<M, T, O>,
): Check {
  const { meta, subjects, unless, judge } = definition;
  return {
    meta,
    run: (context, given) => {
      const options = optionValues(meta.options, given);
      const all = subjects(context);
      const reason = all.length === 0 ? undefined : unless?.(context);
      if (reason !== undefined) {
        const verdict = notApplicable(reason);
        return all.map(({ ref }) => ({ subject: ref, verdict }));
      }
      return all.map(({ ref, value }): Judged => {
        try {
          return { subject: ref, verdict: judge(value, context, options) };
        } catch (cause) {
          return { subject: ref, verdict: { outcome: 'error', cause: String(cause) } };
        }
      });
    },
  };
}
