import type { Workload } from '#mesh/mesh.js';
import type { Decision, Known } from '#policy/decision.js';
import type { DataPlane } from '#policy/policies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { notApplicable, unknown } from './verdict.js';

/** Judges by a decision's value; `unknown`, with the evidence that is missing, when the input does not decide it. */
export function whenKnown<T, Key extends string>(
  decision: Decision<T>,
  judge: (decision: Known<T>) => Verdict<Key>,
): Verdict<Key> {
  return decision.known ? judge(decision) : unknown(decision.missing);
}

const reasons: Readonly<Record<DataPlane, string>> = {
  sidecar: 'has a sidecar',
  ambient: 'is captured by ztunnel',
  gateway: 'is a gateway',
  waypoint: 'is a waypoint',
  ztunnel: 'is ztunnel itself',
  proxyless: 'is proxyless: its own gRPC library enforces',
  none: 'is not in the mesh',
};

/** Judges a workload whose own inbound traffic Istio handles (sidecar or ambient); `notApplicable` for all others. */
export function whenEnrolled<Key extends string>(
  workload: Workload,
  { policies }: CheckContext,
  judge: (dataPlane: 'sidecar' | 'ambient') => Verdict<Key>,
): Verdict<Key> {
  return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) =>
    dataPlane === 'sidecar' || dataPlane === 'ambient'
      ? judge(dataPlane)
      : notApplicable(`workload ${reasons[dataPlane]}`),
  );
}
