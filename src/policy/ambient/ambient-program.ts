import type { FieldRef, Resource } from '#documents/document.js';
import { compareText } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { policyScopeOf } from '#policy/attachment.js';
import { policiesOn } from '#policy/authorization.js';
import { actionOf, effectiveRulesOf, isDryRun } from '#policy/authorization-policies.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { peerAuthenticationsOf } from '#policy/peer-authentications.js';
import type { Enrolment } from '#policy/policies.js';
import { ruleTest } from '#policy/rule/match-rule.js';
import type { Test } from '#policy/rule/match-rule.js';
import { choicesOf } from './chosen-peer-authentications.js';
import { convertPeerAuthentications } from './convert-peer-authentication.js';
import type { SkippedPolicy } from './convert-peer-authentication.js';
import { ztunnelEnrolment } from './ztunnel-enrolment.js';
import type { ZtunnelPolicy } from './ztunnel-policy.js';

/** A rule of a policy at ztunnel, ready to be asked. */
export interface CompiledZtunnelRule {
  readonly policy: ZtunnelPolicy;
  readonly index: number;
  readonly at: FieldRef | undefined;
  readonly matches: Test;
}

/** Deny policies that PeerAuthentications may have become, one member for each way istiod may have chosen among them. */
export interface PeerRules {
  readonly policies: readonly ZtunnelPolicy[];
  readonly rules: readonly CompiledZtunnelRule[];
  readonly skipped: readonly SkippedPolicy[];
}

/** All that ztunnel asks about connections to one workload; rules by the names of their policies. */
export interface AmbientProgram {
  /** All but those of PeerAuthentications, in no order. */
  readonly policies: readonly ZtunnelPolicy[];
  readonly deny: readonly CompiledZtunnelRule[];
  readonly allow: readonly CompiledZtunnelRule[];
  /** Enforced ALLOW policies, those without any rule included: what matches none of them is denied. */
  readonly allowPolicies: readonly ZtunnelPolicy[];
  /** Policies that only log, matching or not. */
  readonly dryRun: readonly CompiledZtunnelRule[];
  /** One member when it is certain. */
  readonly peer: readonly PeerRules[];
  readonly missing: readonly MissingEvidence[];
  /** What would have to be known for the choice of PeerAuthentications. */
  readonly peerMissing: readonly MissingEvidence[];
}

const scopes = {
  'mesh-wide': 'global',
  'namespace-wide': 'namespace',
  'workload-specific': 'workload',
  'target-refs': 'workload',
} as const;

const authorizationPolicies = new WeakMap<Mesh, Map<Resource, ZtunnelPolicy>>();

/** An AuthorizationPolicy as ztunnel is sent it. */
function sentPolicy(mesh: Mesh, resource: Resource): ZtunnelPolicy {
  const known = getOrMake(authorizationPolicies, mesh, () => new Map<Resource, ZtunnelPolicy>());
  return getOrMake(known, resource, () => ({
    key: `${mesh.namespaceOf(resource)}/${resource.name}`,
    action: actionOf(resource) === 'DENY' ? 'DENY' : 'ALLOW',
    origin: 'AuthorizationPolicy',
    scope: scopes[policyScopeOf(mesh, resource)],
    dryRun: isDryRun(resource),
    at: { resource, path: ['spec'] },
    rules: effectiveRulesOf(mesh, resource, 'ztunnel'),
  }));
}

const compiled = new WeakMap<ZtunnelPolicy, readonly CompiledZtunnelRule[]>();

/** A rule that somebody wrote has its own place; others have that of their policy. */
function placeOf({ at, origin }: ZtunnelPolicy, index: number): FieldRef | undefined {
  if (at === undefined || origin !== 'AuthorizationPolicy') return at;
  return { resource: at.resource, path: ['spec', 'rules', index] };
}

/** The rules of policies in the order of their names: ztunnel asks in no order, and one name has to be told. */
function compilePolicies(policies: readonly ZtunnelPolicy[]): readonly CompiledZtunnelRule[] {
  return [...policies]
    .sort((a, b) => compareText(a.key, b.key))
    .flatMap((policy) =>
      getOrMake(compiled, policy, () =>
        policy.rules.map((rule) => ({
          policy,
          index: rule.index,
          at: placeOf(policy, rule.index),
          matches: ruleTest(rule),
        })),
      ),
    );
}

/** What ztunnel asks when these are the policies of a workload, besides its PeerAuthentications. */
function rulesByAction(
  policies: readonly ZtunnelPolicy[],
): Pick<AmbientProgram, 'policies' | 'deny' | 'allow' | 'allowPolicies' | 'dryRun'> {
  const enforced = policies.filter(({ dryRun }) => !dryRun);
  const allowPolicies = enforced.filter(({ action }) => action === 'ALLOW');
  return {
    policies,
    deny: compilePolicies(enforced.filter(({ action }) => action === 'DENY')),
    allow: compilePolicies(allowPolicies),
    allowPolicies,
    dryRun: compilePolicies(policies.filter(({ dryRun }) => dryRun)),
  };
}

/**
 * The policies of one workload at ztunnel: those of the mesh, of its namespace and of its own, and those that
 * PeerAuthentications became (assert_rbac in ztunnel's src/state.rs; buildWorkloadPolicies in
 * pilot/pkg/serviceregistry/ambient/workloads.go). `additional`: what istiod attaches for reasons of its own.
 */
export function ambientProgram(
  mesh: Mesh,
  workload: Workload,
  {
    enrolment,
    additional,
  }: { readonly enrolment: Decision<Enrolment>; readonly additional: readonly ZtunnelPolicy[] },
): AmbientProgram {
  const attached = policiesOn(mesh, workload, { dataPlane: 'ambient', enrolment });
  const peers = peerAuthenticationsOf(mesh, workload, ztunnelEnrolment(mesh, enrolment));
  const { combinations, missing } = choicesOf(mesh, peers, workload.namespace);
  const sent = attached.policies.map((resource) => sentPolicy(mesh, resource));
  return {
    ...rulesByAction([...sent, ...additional]),
    peer: combinations.map((chosen) => {
      const { policies, skipped } = convertPeerAuthentications(mesh, chosen);
      return { policies, rules: compilePolicies(policies), skipped };
    }),
    missing: attached.missing,
    peerMissing: missing,
  };
}
