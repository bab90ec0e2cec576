import type { Workload } from '#mesh/mesh.js';
import type { DataPlane, Selection } from '#policy/policies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { allJudged, notApplicable, unknown } from './verdict.js';

/**
 * Judges a policy by every workload that it reaches, with the data plane that handles the workload's traffic; unknown
 * where that, or a workload that the policy may be for, is not in the input.
 */
export function judgeReached<Key extends string>(
  { inert, workloads, scope }: Selection,
  { mesh, policies }: CheckContext,
  judge: (workload: Workload, dataPlane: DataPlane) => Verdict<Key>,
): Verdict<Key> {
  if (inert !== undefined) return notApplicable('policy has no effect');
  if (workloads.length === 0)
    return mesh.scope === 'complete'
      ? notApplicable('policy reaches no workload')
      : unknown([{ key: 'workloads', text: `workloads that a ${scope} policy reaches` }]);
  return allJudged(workloads, (workload) => {
    const enrolment = policies.enrolment(workload);
    return enrolment.known ? judge(workload, enrolment.value.dataPlane) : unknown(enrolment.missing);
  });
}
