import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { isSentToZtunnel } from './ambient/is-sent-to-ztunnel.js';
import { ztunnelEnrolment } from './ambient/ztunnel-enrolment.js';
import type { PolicyTarget } from './attachment.js';
import type { AttachedPolicies } from './attached-policies.js';
import { actionOf, asAttached, authorizationPoliciesOf, effectiveRulesOf } from './authorization-policies.js';
import type { RuleReader } from './authorization-policies.js';
import { known, unknown } from './decision.js';
import type { Decision, Step } from './decision.js';
import type { AttachedPolicy, Authorization, DataPlane, Enrolment } from './policies.js';
import { policySelectorOf } from './policy-selector.js';
import type { Action, Rule } from './rule/rule.js';
import { isTautology } from './rule/tautology.js';

/** Data planes at which AuthorizationPolicies mean nothing: there is no proxy, or it is ztunnel's own pod. */
const unenforced: ReadonlySet<DataPlane> = new Set(['none', 'ztunnel']);

/** The workload as policies see it on a data plane. */
export function targetOf({ namespace, labels }: Workload, dataPlane: DataPlane): PolicyTarget {
  return { namespace, labels, waypoint: dataPlane === 'waypoint', ztunnel: dataPlane === 'ambient' };
}

/** The policies that reach a workload on a data plane. */
export function policiesOn(
  mesh: Mesh,
  workload: Workload,
  { dataPlane, enrolment }: { readonly dataPlane: DataPlane; readonly enrolment: Decision<Enrolment> },
): AttachedPolicies {
  if (unenforced.has(dataPlane)) return { policies: [], doubtful: [], missing: [] };
  const target = targetOf(workload, dataPlane);
  if (dataPlane !== 'ambient') return authorizationPoliciesOf(mesh, target, enrolment);
  const attached = authorizationPoliciesOf(mesh, target, ztunnelEnrolment(mesh, enrolment));
  const isSent = (policy: Resource): boolean => isSentToZtunnel(mesh, policy);
  const doubtful = attached.doubtful.filter(isSent);
  return {
    policies: attached.policies.filter(isSent),
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
function openRule(mesh: Mesh, allow: readonly AttachedPolicy[], reader: RuleReader): FieldRef | undefined {
  const rules = allow.flatMap(({ resource }): readonly Rule[] => effectiveRulesOf(mesh, resource, reader));
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
function assemble(mesh: Mesh, attached: readonly AttachedPolicy[], reader: RuleReader): Authorization {
  const { ALLOW, DENY, AUDIT, CUSTOM } = split(attached);
  const allow = enforced(ALLOW);
  return {
    custom: CUSTOM,
    audit: enforced(AUDIT),
    deny: enforced(DENY),
    allow,
    dryRun: attached.filter(({ dryRun, resource }) => dryRun && actionOf(resource) !== 'CUSTOM'),
    defaultAction: allow.length > 0 ? 'deny' : 'allow',
    allowsEverything: openRule(mesh, allow, reader),
  };
}

function decide(
  mesh: Mesh,
  { policies, missing }: AttachedPolicies,
  reader: RuleReader,
): Decision<Authorization> {
  const attached = policies.map((policy) => asAttached(mesh, policy));
  const steps = stepsOf(attached);
  if (missing.length > 0) return unknown(missing, steps);
  const value = assemble(mesh, attached, reader);
  const [decisive] = value.allow;
  if (decisive !== undefined) return known(value, { resource: decisive.resource, path: ['spec'] }, steps);
  if (mesh.scope === 'complete') return known(value, 'default', steps);
  const text = 'AuthorizationPolicies outside the input: an ALLOW policy among them would deny by default';
  return unknown([{ key: 'authorization-policies', text }], steps);
}

function sameList(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.length === b.length && a.every((policy, index) => policy === b[index]);
}

function openness(decision: Decision<Authorization> | undefined): boolean {
  return decision?.known === true && decision.value.allowsEverything !== undefined;
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
    const reader = dataPlane === 'ambient' ? 'ztunnel' : 'http';
    if (!unenforced.has(dataPlane))
      return decide(mesh, policiesOn(mesh, workload, { dataPlane, enrolment }), reader);
    const at =
      enrolment.decidedBy === 'default' ? { resource: workload.resource, path: [] } : enrolment.decidedBy;
    return known(assemble(mesh, [], 'http'), enrolment.decidedBy, [
      { at, note: `no proxy enforces policies: ${reason}` },
    ]);
  }
  const sidecar = policiesOn(mesh, workload, { dataPlane: 'sidecar', enrolment });
  const ambient = policiesOn(mesh, workload, { dataPlane: 'ambient', enrolment });
  const same =
    sameList(sidecar.policies, ambient.policies) && sidecar.missing.length === ambient.missing.length;
  const [decided, other] = (['http', 'ztunnel'] as const).map((reader) => decide(mesh, sidecar, reader));
  if (same && decided !== undefined && openness(decided) === openness(other)) return decided;
  return unknown(enrolment.missing, stepsOf(sidecar.policies.map((policy) => asAttached(mesh, policy))));
}
