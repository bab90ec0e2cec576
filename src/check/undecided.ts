import type { MissingEvidence } from '#policy/decision.js';
import { groupBy } from './group-failures.js';
import { byCodeUnit, bySubject } from './order.js';
import { documentStart, reportSubjects } from './reported-subject.js';
import type { Undecided } from './result.js';
import type { SubjectRef } from './subject.js';

/** One subject that could not be judged in one environment. */
export interface Undecidable {
  readonly subject: SubjectRef;
  readonly missing: readonly MissingEvidence[];
  readonly environment: string;
}

function evidence(missing: readonly MissingEvidence[]): readonly MissingEvidence[] {
  const distinct = new Map(missing.map((one) => [`${one.key} ${one.text}`, one]));
  return [...distinct].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

/** Groups what one check could not decide by the evidence that is missing; subjects are placed at their document. */
export function toUndecided(checkId: string, undecidable: readonly Undecidable[]): readonly Undecided[] {
  const groups = groupBy(undecidable, ({ missing }) => JSON.stringify(evidence(missing)));
  return [...groups]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, members]) => ({
      checkId,
      missing: evidence(members[0]?.missing ?? []),
      subjects: reportSubjects(members.map(({ subject }) => subject).sort(bySubject), ({ resource }) =>
        documentStart(resource),
      ),
      environments: [...new Set(members.map(({ environment }) => environment))].sort(byCodeUnit),
    }));
}
