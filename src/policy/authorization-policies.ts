import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { ztunnelRule } from './ambient/ztunnel-rule.js';
import { policyScopeOf } from './attachment.js';
import type { PolicyTarget } from './attachment.js';
import { attachedPolicies } from './attached-policies.js';
import type { AttachedPolicies } from './attached-policies.js';
import type { Decision } from './decision.js';
import { istioVersionOf } from './istio-version.js';
import { parseGoBool } from './istiod-flag.js';
import type { AttachedPolicy, Enrolment } from './policies.js';
import { revisionVisibility } from './revision-visibility.js';
import { isEffective, normalizeRule } from './rule/normalize-rule.js';
import type { Action, Chain, DroppedRule, Rule } from './rule/rule.js';

const kind = { group: 'security.istio.io', kind: 'AuthorizationPolicy' };

const actions: ReadonlyMap<string, Action> = new Map([
  ['ALLOW', 'ALLOW'],
  ['DENY', 'DENY'],
  ['AUDIT', 'AUDIT'],
  ['CUSTOM', 'CUSTOM'],
]);

/** Action of an AuthorizationPolicy, ALLOW when none is written; undefined for one that Istio does not know. */
export function actionOf(policy: Resource): Action | undefined {
  return actions.get(stringAt(policy.object, 'spec', 'action') ?? 'ALLOW');
}

/**
 * True when the annotation `istio.io/dry-run` says so; text that is no Go boolean leaves the policy enforced
 * (pilot/pkg/security/authz/builder/builder.go, isDryRun).
 */
export function isDryRun(policy: Resource): boolean {
  const written = stringAt(policy.object, 'metadata', 'annotations', 'istio.io/dry-run');
  return written !== undefined && parseGoBool(written) === true;
}

/** How many rules a policy has; none makes an ALLOW policy deny and any other void. */
export function ruleCountOf(policy: Resource): number {
  return listAt(policy.object, 'spec', 'rules').length;
}

/** The AuthorizationPolicies that attach to a target, root namespace first (ListAuthorizationPolicies). */
export function authorizationPoliciesOf(
  mesh: Mesh,
  target: PolicyTarget,
  enrolment: Decision<Enrolment>,
): AttachedPolicies {
  const served = (target.services ?? []).map(({ namespace }) => namespace);
  return attachedPolicies(mesh, {
    kind,
    target,
    namespaces: [mesh.settings.rootNamespace, target.namespace, ...served],
    visibilityOf: (policy) => revisionVisibility(mesh, policy, enrolment),
  });
}

/** The policy as reports name it. */
export function asAttached(mesh: Mesh, policy: Resource): AttachedPolicy {
  return { resource: policy, scope: policyScopeOf(mesh, policy), dryRun: isDryRun(policy) };
}

const normalized = new WeakMap<Mesh, Map<string, WeakMap<Resource, readonly (Rule | DroppedRule)[]>>>();

/** Who reads the rules of a policy: a filter chain of Envoy, or ztunnel, to which istiod sends less of them. */
export type RuleReader = Chain | 'ztunnel';

function normalizeAll(mesh: Mesh, policy: Resource, reader: RuleReader): readonly (Rule | DroppedRule)[] {
  const { trustDomain, trustDomainAliases } = mesh.settings;
  const policyNamespace = mesh.namespaceOf(policy);
  const action = actionOf(policy) ?? 'DENY';
  const trustDomains = [trustDomain, ...trustDomainAliases];
  const version = istioVersionOf(mesh, undefined);
  return Array.from({ length: ruleCountOf(policy) }, (_, index) =>
    reader === 'ztunnel'
      ? ztunnelRule(index, { policy, policyNamespace, action })
      : normalizeRule(index, { policy, policyNamespace, action, chain: reader, trustDomains, version }),
  );
}

/** All rules of a policy in the normal form of a reader, those without effect included; computed once a mesh. */
export function rulesOf(mesh: Mesh, policy: Resource, chain: RuleReader): readonly (Rule | DroppedRule)[] {
  const chains = getOrMake(
    normalized,
    mesh,
    () => new Map<string, WeakMap<Resource, readonly (Rule | DroppedRule)[]>>(),
  );
  const policies = getOrMake(chains, chain, () => new WeakMap<Resource, readonly (Rule | DroppedRule)[]>());
  return getOrMake(policies, policy, () => normalizeAll(mesh, policy, chain));
}

/** The rules of a policy that reach the proxy on a kind of chain, or ztunnel. */
export function effectiveRulesOf(mesh: Mesh, policy: Resource, chain: RuleReader): readonly Rule[] {
  return rulesOf(mesh, policy, chain).filter(isEffective);
}
