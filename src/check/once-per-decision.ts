import { getOrMake } from '#mesh/lazy.js';
import type { Known } from '#policy/decision.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';

/**
 * A judge of decisions that many workloads share: each decision is judged once. It may look at the decision and the mesh, at
 * nothing that differs from workload to workload.
 */
export function oncePerDecision<T, Key extends string>(
  judge: (decision: Known<T>, context: CheckContext) => Verdict<Key>,
): (decision: Known<T>, context: CheckContext) => Verdict<Key> {
  const made = new WeakMap<Known<T>, Verdict<Key>>();
  return (decision, context) => getOrMake(made, decision, () => judge(decision, context));
}
