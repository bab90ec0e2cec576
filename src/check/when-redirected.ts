import type { Workload } from '#mesh/mesh.js';
import type { CaptureLimit } from '#policy/policies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { notApplicable } from './verdict.js';
import { whenKnown } from './when-known.js';

/**
 * Judges what is left out of the redirection to a sidecar; `notApplicable` for workloads that have none. Where the
 * enrolment is not known the limits count as they would with a sidecar: they are written for one.
 */
export function whenRedirected<Key extends string>(
  workload: Workload,
  { policies }: CheckContext,
  judge: (limits: readonly CaptureLimit[]) => Verdict<Key>,
): Verdict<Key> {
  const enrolment = policies.enrolment(workload);
  if (enrolment.known && enrolment.value.dataPlane !== 'sidecar')
    return notApplicable('workload has no sidecar that traffic is redirected to');
  return whenKnown(policies.capture(workload), ({ value: { limits } }) => judge(limits));
}
