import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { CaptureLimit, EffectivePolicies } from '#policy/policies.js';
import { podAddress } from '#policy/request/receiver.js';
import type { Facts } from '#policy/rule/facts.js';
import { ambientProgram } from './ambient-program.js';
import type { AmbientProgram } from './ambient-program.js';
import type { ZtunnelPolicy } from './ztunnel-policy.js';

/** A workload that ztunnel stands before. */
export interface Guarded {
  readonly program: AmbientProgram;
  readonly destinationIp: Facts['destinationIp'];
  readonly limits: readonly CaptureLimit[];
  readonly unguarded: readonly MissingEvidence[];
}

const guarded = new WeakMap<EffectivePolicies, WeakMap<Workload, Guarded>>();

function makeGuarded(
  policies: EffectivePolicies,
  workload: Workload,
  additional: readonly ZtunnelPolicy[],
): Guarded {
  const enrolment = policies.enrolment(workload);
  const capture = policies.capture(workload);
  return {
    program: ambientProgram(policies.mesh, workload, { enrolment, additional }),
    destinationIp: podAddress(workload),
    limits: capture.known ? capture.value.limits : [],
    unguarded: [...(enrolment.known ? [] : enrolment.missing), ...(capture.known ? [] : capture.missing)],
  };
}

/** Made once for a workload; anew where policies are added to those of the mesh. */
export function guardedOf(
  policies: EffectivePolicies,
  workload: Workload,
  additional: readonly ZtunnelPolicy[],
): Guarded {
  if (additional.length > 0) return makeGuarded(policies, workload, additional);
  const known = getOrMake(guarded, policies, () => new WeakMap<Workload, Guarded>());
  return getOrMake(known, workload, () => makeGuarded(policies, workload, []));
}
