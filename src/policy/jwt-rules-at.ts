import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { targetOf } from './authorization.js';
import type { Decision, MissingEvidence } from './decision.js';
import { jwtRulesOf } from './jwt-rule.js';
import type { JwtRule } from './jwt-rule.js';
import type { Enrolment } from './policies.js';
import { requestAuthenticationPoliciesOf } from './request-authentication.js';

/** The jwtRules that a workload's proxy has, and what keeps us from being sure of them. */
export interface JwtRulesAt {
  readonly rules: readonly JwtRule[];
  readonly missing: readonly MissingEvidence[];
}

const elsewhere: MissingEvidence = {
  key: 'request-authentications',
  text: 'RequestAuthentications outside the input',
};

const known = new WeakMap<Mesh, Map<Workload, JwtRulesAt>>();

/** The jwtRules that reach a workload with a proxy, in the order in which it tries them; computed once. */
export function jwtRulesAt(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): JwtRulesAt {
  const kept = getOrMake(known, mesh, () => new Map<Workload, JwtRulesAt>());
  return getOrMake(kept, workload, () => {
    const dataPlane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
    const attached = requestAuthenticationPoliciesOf(mesh, targetOf(workload, dataPlane), enrolment);
    const missing = mesh.scope === 'partial' ? [...attached.missing, elsewhere] : attached.missing;
    return { rules: jwtRulesOf(attached.policies), missing };
  });
}
