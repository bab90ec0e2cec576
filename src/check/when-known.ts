import type { Workload } from '#mesh/mesh.js';
import type { Decision, Known } from '#policy/decision.js';
import { usesAmbient } from '#policy/enrolment-ambient.js';
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

type MeshDataPlane = 'sidecar' | 'ambient';

/** Judges a workload whose own inbound traffic Istio handles (sidecar or ambient); `notApplicable` for all others. */
export function whenEnrolled<Key extends string>(
  workload: Workload,
  { policies }: CheckContext,
  judge: (dataPlane: MeshDataPlane) => Verdict<Key>,
): Verdict<Key> {
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known) return unknown(enrolment.missing);
  const { dataPlane } = enrolment.value;
  return dataPlane === 'sidecar' || dataPlane === 'ambient'
    ? judge(dataPlane)
    : notApplicable(`workload ${reasons[dataPlane]}`);
}

/**
 * As `whenEnrolled`, for failures that are just as true outside the mesh, where nothing is enforced at all: where the
 * enrolment is not known, a failure stands when every data plane that may handle the traffic gives one.
 */
export function whetherEnrolledOrNot<Key extends string>(
  workload: Workload,
  context: CheckContext,
  judge: (dataPlane: MeshDataPlane) => Verdict<Key>,
): Verdict<Key> {
  const enrolment = context.policies.enrolment(workload);
  if (enrolment.known) return whenEnrolled(workload, context, judge);
  const planes: readonly MeshDataPlane[] = usesAmbient(context.mesh) ? ['sidecar', 'ambient'] : ['sidecar'];
  const verdicts = planes.map(judge);
  const [first] = verdicts;
  return first !== undefined && verdicts.every(({ outcome }) => outcome === 'fail')
    ? first
    : unknown(enrolment.missing);
}

/**
 * True when the mesh's settings are those of a named revision: a workload that nothing in the input enrols may be of
 * another one, or of none.
 */
export function readsOtherSettings({ mesh }: CheckContext): boolean {
  return mesh.settings.defaultRevision !== 'default';
}

/** The verdict where only the mesh config could tell, and the input holds none. */
export const noMeshConfig: Verdict<never> = unknown([{ key: 'mesh-config', text: 'mesh config' }]);
