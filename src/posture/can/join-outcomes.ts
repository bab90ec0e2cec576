import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { Outcome } from './question.js';

/** Ways that lead to one verdict make it certain; else the input lacks what tells them apart. Undefined without any way. */
export function joinOutcomes(
  outcomes: readonly Outcome[],
  missing: readonly MissingEvidence[],
): Outcome | undefined {
  const [first] = outcomes;
  if (first === undefined) return undefined;
  const { decision } = first;
  if (outcomes.every((each) => each.decision.verdict === decision.verdict)) return first;
  const evidence = [...missing, ...outcomes.flatMap((each) => each.decision.missing)];
  return {
    ...first,
    connection: outcomes.map((each) => `${each.connection ?? ''}: ${each.decision.verdict}`).join('; '),
    decision: {
      ...decision,
      verdict: 'unknown',
      stage: undefined,
      by: undefined,
      missing: uniqueEvidence(evidence),
    },
  };
}
