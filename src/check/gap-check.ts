import type { InspectionGap, InspectionGapKind } from '#policy/waf/inspection.js';
import { defineCheck } from './define-check.js';
import type { Check, CheckMeta } from './define-check.js';
import { inspectedSubjects } from './inspection-subjects.js';
import type { Failure, Severity } from './verdict.js';
import { fail, notApplicable, pass, unknown } from './verdict.js';

/** Which message tells a gap, and how grave it is where that is not the check's own severity. */
export interface GapMessage<Key extends string> {
  readonly message: Key;
  readonly severity?: Severity;
  /** What to change, where it is not what the check says. */
  readonly remediation?: string;
}

const controls = ['nist-800-53-r5/SI-10', 'pci-dss-4.0.1/6.4.2', 'cis-controls-8.1/13.10'];

type Meta = Omit<CheckMeta, 'controls' | 'examines'>;

/** A check on one class of gaps in the inspection by web application firewalls. */
export interface GapCheck<M extends Meta> {
  readonly meta: M;
  readonly kinds: readonly InspectionGapKind[];
  /** Keys of missing evidence without which it cannot be told that there is no such gap; default: none. */
  readonly evidence?: readonly string[];
  /** Default: the message that is called as the gap's kind, else the only one there is. */
  readonly tell?: (gap: InspectionGap) => GapMessage<keyof M['messages'] & string>;
}

/**
 * Defines a check that asks `policies.waf` for gaps of some kinds. Subjects are workloads, ways in and objects that a
 * product has to do with; one place that is wrong for many of them is one finding. Messages may use `{product}`,
 * `{object}`, `{note}` and what the kind of gap documents.
 */
export function gapCheck<const M extends Meta>({ meta, kinds, evidence = [], tell }: GapCheck<M>): Check {
  const [only] = Object.keys(meta.messages);
  const messageOf = (gap: InspectionGap): GapMessage<string> =>
    tell?.(gap) ?? { message: Object.hasOwn(meta.messages, gap.kind) ? gap.kind : (only ?? gap.kind) };
  const failureOf = (gap: InspectionGap): Failure => ({
    at: gap.at,
    data: { ...gap.data, note: gap.note },
    related: gap.related.map((at) => ({ at, note: 'takes part' })),
    ...messageOf(gap),
  });
  return defineCheck({
    meta: {
      ...meta,
      controls,
      examines: 'workloads, ways in and objects that a web application firewall has to do with',
    },
    subjects: inspectedSubjects,
    judge: ({ gaps, missing }) => {
      const found = gaps.filter(({ kind }) => kinds.includes(kind));
      if (found.length > 0) return fail(...found.map(failureOf));
      const open = missing.filter(({ key }) => evidence.includes(key));
      if (open.length > 0) return unknown(open);
      if (missing.length > 0) return notApplicable('whether requests are inspected is not known');
      return gaps.length > 0 && gaps.every(({ reach }) => reach === 'all')
        ? notApplicable('another gap comes first')
        : pass;
    },
  });
}
