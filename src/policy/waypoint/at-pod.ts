import { decideAmbient } from '#policy/ambient/decide-ambient.js';
import { decideRequest } from '#policy/decide-request.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { isOpen, outcomeOf } from './ambient-outcome.js';
import type { AmbientOutcome } from './ambient-outcome.js';
import { implicitPolicies } from './implicit-policies.js';
import type { PodPort } from './pods-behind.js';
import type { AmbientRequestOptions } from './waypoint-request.js';

/** A connection that goes to a pod, from whomever. */
export type PodConnection = Omit<AccessRequest, 'to'>;

function toPod(connection: PodConnection, { workload, port }: PodPort): AccessRequest {
  const { namespace, kind, name } = workload;
  return { ...connection, to: { namespace, workload: `${kind}/${name}`, port } };
}

function atZtunnel(
  policies: EffectivePolicies,
  connection: PodConnection,
  { pod, endsTunnel = false }: { readonly pod: PodPort; readonly endsTunnel?: boolean | undefined },
): AmbientOutcome {
  const additional = implicitPolicies(policies.mesh, pod.workload);
  const decision = decideAmbient(policies, toPod(connection, pod), { additional, endsTunnel });
  const { policy, verdict, chain } = decision;
  return {
    ...outcomeOf(decision),
    stage: verdict === 'denied' ? 'l4' : undefined,
    by: policy === undefined ? undefined : { policy, rule: undefined, at: chain.at(-1)?.at },
  };
}

/** What stands before a pod makes of a connection to it: its sidecar, or the ztunnel of its node, or nothing. */
export function atPod(
  policies: EffectivePolicies,
  connection: PodConnection,
  { pod, options }: { readonly pod: PodPort; readonly options: AmbientRequestOptions },
): AmbientOutcome {
  const enrolment = policies.enrolment(pod.workload);
  if (enrolment.known && enrolment.value.dataPlane === 'sidecar')
    return outcomeOf(decideRequest(policies, toPod(connection, pod), options));
  return atZtunnel(policies, connection, { pod, endsTunnel: options.endsTunnel });
}

/**
 * What becomes of the connection that a waypoint opens to a pod; undefined where no ztunnel stands before it. Waypoints
 * speak to sidecars in another way, which is not decided.
 */
export function behindWaypoint(
  policies: EffectivePolicies,
  connection: PodConnection,
  pod: PodPort,
): AmbientOutcome | undefined {
  const enrolment = policies.enrolment(pod.workload);
  if (!enrolment.known || enrolment.value.dataPlane === 'ambient')
    return atZtunnel(policies, connection, { pod });
  if (enrolment.value.dataPlane !== 'sidecar') return undefined;
  const text = `how a waypoint connects to the sidecar of ${pod.workload.id}`;
  return isOpen([{ key: 'waypoint-to-sidecar', text }]);
}
