import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { PolicyTarget } from './attachment.js';
import type { AttachedPolicies } from './attached-policies.js';
import {
  actionOf,
  asAttached,
  authorizationPoliciesOf,
  effectiveRulesOf,
  isDryRun,
} from './authorization-policies.js';
import { known, unknown } from './decision.js';
import type { Decision, Step } from './decision.js';
import type { AttachedPolicy, Authorization, DataPlane, Enrolment } from './policies.js';
import { policySelectorOf, selectsAll } from './policy-selector.js';
import type { Action, Rule } from './rule/rule.js';
import { isTautology } from './rule/tautology.js';

/** Data planes at which AuthorizationPolicies mean nothing: there is no proxy, or it is ztunnel's own pod. */
const unenforced: ReadonlySet<DataPlane> = new Set(['none', 'ztunnel']);

/**
 * What ztunnel is sent: ALLOW and DENY policies without targetRefs and not in dry run; one with an empty selector is
 * sent for "its" workloads, of which there are none (pilot/pkg/serviceregistry/ambient/authorization.go).
 */
function isSentToZtunnel(policy: Resource): boolean {
  const selector = policySelectorOf(policy);
  const action = actionOf(policy);
  if (selector.refs.length > 0 || (selector.labels !== undefined && selectsAll(selector))) return false;
  return (action === 'ALLOW' || action === 'DENY') && !isDryRun(policy);
}

/** The workload as policies see it on a data plane. */
export function targetOf({ namespace, labels }: Workload, dataPlane: DataPlane): PolicyTarget {
  return { namespace, labels, waypoint: dataPlane === 'waypoint' };
}

/** The policies that reach a workload on a data plane. */
export function policiesOn(
  mesh: Mesh,
  workload: Workload,
  { dataPlane, enrolment }: { readonly dataPlane: DataPlane; readonly enrolment: Decision<Enrolment> },
): AttachedPolicies {
  if (unenforced.has(dataPlane)) return { policies: [], doubtful: [], missing: [] };
  const attached = authorizationPoliciesOf(mesh, targetOf(workload, dataPlane), enrolment);
  if (dataPlane !== 'ambient') return attached;
  const doubtful = attached.doubtful.filter(isSentToZtunnel);
  return {
    policies: attached.policies.filter(isSentToZtunnel),
    doubtful,
    missing: doubtful.length > 0 ? attached.missing : [],
  };
}

type ByAction = Readonly<Record<Action, readonly AttachedPolicy[]>>;

function split(policies: readonly AttachedPolicy[]): ByAction {
  const of = (action: Action): readonly AttachedPolicy[] =>
    policies.filter(({ resource }) => actionOf(resource) === action);
  return { ALLOW: of('ALLOW'), DENY: of('DENY'), AUDIT: of('AUDIT'), CUSTOM: of('CUSTOM') };
}

const enforced = (policies: readonly AttachedPolicy[]): readonly AttachedPolicy[] =>
  policies.filter(({ dryRun }) => !dryRun);

/** The first rule of enforced ALLOW policies that no request escapes. */
function openRule(mesh: Mesh, allow: readonly AttachedPolicy[]): FieldRef | undefined {
  const rules = allow.flatMap(({ resource }): readonly Rule[] => effectiveRulesOf(mesh, resource, 'http'));
  return rules.find(isTautology)?.at;
}

function stepsOf(policies: readonly AttachedPolicy[]): readonly Step[] {
  return policies.map(({ resource, scope, dryRun }) => {
    const note = `${actionOf(resource) ?? 'unknown action'}, ${scope}${dryRun ? ', dry run' : ''}`;
    return { at: { resource, path: policySelectorOf(resource).path }, note };
  });
}

/**
 * A dry-run policy is only logged, except CUSTOM: its rules end up as enforced DENY rules, so it stays among `custom`
 * (pilot/pkg/security/authz/builder/builder.go, buildHTTP).
 */
function assemble(mesh: Mesh, attached: readonly AttachedPolicy[]): Authorization {
  const { ALLOW, DENY, AUDIT, CUSTOM } = split(attached);
  const allow = enforced(ALLOW);
  return {
    custom: CUSTOM,
    audit: enforced(AUDIT),
    deny: enforced(DENY),
    allow,
    dryRun: attached.filter(({ dryRun, resource }) => dryRun && actionOf(resource) !== 'CUSTOM'),
    defaultAction: allow.length > 0 ? 'deny' : 'allow',
    allowsEverything: openRule(mesh, allow),
  };
}

function decide(mesh: Mesh, { policies, missing }: AttachedPolicies): Decision<Authorization> {
  const attached = policies.map((policy) => asAttached(mesh, policy));
  const steps = stepsOf(attached);
  if (missing.length > 0) return unknown(missing, steps);
  const value = assemble(mesh, attached);
  const [decisive] = value.allow;
  if (decisive !== undefined) return known(value, { resource: decisive.resource, path: ['spec'] }, steps);
  if (mesh.scope === 'complete') return known(value, 'default', steps);
  const text = 'AuthorizationPolicies outside the input: an ALLOW policy among them would deny by default';
  return unknown([{ key: 'authorization-policies', text }], steps);
}

function sameList(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.length === b.length && a.every((policy, index) => policy === b[index]);
}

/**
 * Which AuthorizationPolicies apply at a workload and what happens to a request that none of them names. It says what
 * the workload's proxy is told; whether there is a proxy is enrolment's question, and where the input does not answer
 * that one, the answer here is given if it is the same for a sidecar and for ztunnel. With no ALLOW policy in a partial
 * scope the default is unknown; with one it is `deny`, whatever else exists.
 */
export function authorizationOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): Decision<Authorization> {
  if (enrolment.known) {
    const { dataPlane, reason } = enrolment.value;
    if (!unenforced.has(dataPlane)) return decide(mesh, policiesOn(mesh, workload, { dataPlane, enrolment }));
    const at =
      enrolment.decidedBy === 'default' ? { resource: workload.resource, path: [] } : enrolment.decidedBy;
    return known(assemble(mesh, []), enrolment.decidedBy, [
      { at, note: `no proxy enforces policies: ${reason}` },
    ]);
  }
  const sidecar = policiesOn(mesh, workload, { dataPlane: 'sidecar', enrolment });
  const ambient = policiesOn(mesh, workload, { dataPlane: 'ambient', enrolment });
  const same =
    sameList(sidecar.policies, ambient.policies) && sidecar.missing.length === ambient.missing.length;
  if (same) return decide(mesh, sidecar);
  return unknown(enrolment.missing, stepsOf(sidecar.policies.map((policy) => asAttached(mesh, policy))));
}
