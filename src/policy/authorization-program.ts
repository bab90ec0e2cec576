import type { FieldRef, Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf, isDryRun, rulesOf } from './authorization-policies.js';
import { externalAuthorizer } from './external-authorizer.js';
import type { ResolvedProvider } from './external-authorizer.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';
import { istiodFlag } from './istiod-flag.js';
import { keyOf } from './resource-set.js';
import type { Facts, Truth } from './rule/facts.js';
import { ruleTest } from './rule/match-rule.js';
import type { Test } from './rule/match-rule.js';
import { isEffective } from './rule/normalize-rule.js';
import type { Action, Chain, DroppedRule, Rule } from './rule/rule.js';

/** A rule ready to be asked. */
export interface CompiledRule {
  /** `namespace/name` of the policy. */
  readonly policy: string;
  readonly index: number;
  readonly at: FieldRef;
  readonly matches: Test;
}

/** What CUSTOM policies of one provider do on a chain. */
export interface CustomStage {
  readonly provider: string;
  readonly resolved: ResolvedProvider;
  /** Matching requests are denied without asking: the provider is broken, or one of several where one is allowed. */
  readonly denies: string | undefined;
  readonly rules: readonly CompiledRule[];
  /** Rules of dry-run policies: they deny, from Istio 1.30 on. */
  readonly dryRunRules: readonly CompiledRule[];
}

/** The authorization filters of one kind of chain, in the order in which they run. */
export interface AuthorizationProgram {
  readonly custom: readonly CustomStage[];
  readonly deny: readonly CompiledRule[];
  readonly allow: readonly CompiledRule[];
  /** True when some enforced ALLOW policy applies, so that what matches none is denied. */
  readonly hasAllow: boolean;
  /** The first of those policies. */
  readonly allowPolicy: Resource | undefined;
}

/** Envoy asks the rules of a filter in the order of these names (policyName in builder.go). */
function ruleName(namespace: string, name: string, index: number): string {
  return `ns[${namespace}]-policy[${name}]-rule[${index}]`;
}

interface NamedRule {
  readonly name: string;
  readonly compiled: CompiledRule;
}

const compiledRules = new WeakMap<readonly (Rule | DroppedRule)[], readonly NamedRule[]>();

/** The rules of one policy, compiled once: many workloads share a policy, few share the whole set. */
function compilePolicy(mesh: Mesh, policy: Resource, chain: Chain): readonly NamedRule[] {
  const rules = rulesOf(mesh, policy, chain);
  return getOrMake(compiledRules, rules, () => {
    const namespace = mesh.namespaceOf(policy);
    return rules.filter(isEffective).map((rule) => ({
      name: ruleName(namespace, policy.name, rule.index),
      compiled: {
        policy: `${namespace}/${policy.name}`,
        index: rule.index,
        at: rule.at,
        matches: ruleTest(rule),
      },
    }));
  });
}

function compile(mesh: Mesh, policies: readonly Resource[], chain: Chain): readonly CompiledRule[] {
  const named = policies.flatMap((policy) => compilePolicy(mesh, policy, chain));
  return named.sort((a, b) => compareText(a.name, b.name)).map(({ compiled }) => compiled);
}

function providerOf(policy: Resource): string {
  return stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
}

/**
 * One stage a provider, by name; without the switch for several providers on one workload, which 1.30 brought, more than
 * one makes all of them deny. Since then rules in dry run are enforced as DENY rules, before that nothing asks them (pilot/pkg/security/authz/builder/builder.go, buildHTTP and buildTCP).
 */
function customStages(mesh: Mesh, policies: readonly Resource[], chain: Chain): readonly CustomStage[] {
  const providers = [...new Set(policies.map(providerOf))].sort(compareText);
  const manages = isAtLeast(istioVersionOf(mesh, undefined), 30);
  const mayBeSeveral = manages && istiodFlag(mesh, 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS', false);
  const several = providers.length > 1 && !mayBeSeveral;
  const stages = providers.map((provider): CustomStage => {
    const resolved = externalAuthorizer(mesh, provider);
    const own = policies.filter((policy) => providerOf(policy) === provider);
    const [dryRun, enforced] = [own.filter(isDryRun), own.filter((policy) => !isDryRun(policy))];
    const reason = resolved.state === 'broken' ? resolved.reason : undefined;
    const denies = several ? `several providers (${providers.join(', ')})` : reason;
    const dryRunRules = manages && denies === undefined ? compile(mesh, dryRun, chain) : [];
    return { provider, resolved, denies, rules: compile(mesh, enforced, chain), dryRunRules };
  });
  return chain === 'http'
    ? stages
    : stages.filter((stage) => stage.denies !== undefined || !isHttpOnly(stage.resolved));
}

/** An HTTP authorizer is not asked about connections whose bytes the proxy does not read. */
function isHttpOnly(resolved: ResolvedProvider): boolean {
  return resolved.state === 'usable' && resolved.authorizer.protocol === 'http';
}

function makeProgram(mesh: Mesh, policies: readonly Resource[], chain: Chain): AuthorizationProgram {
  const of = (action: Action): readonly Resource[] =>
    policies.filter((policy) => actionOf(policy) === action);
  const enforced = (action: Action): readonly Resource[] => of(action).filter((policy) => !isDryRun(policy));
  const allow = enforced('ALLOW');
  return {
    custom: customStages(mesh, of('CUSTOM'), chain),
    deny: compile(mesh, enforced('DENY'), chain),
    allow: compile(mesh, allow, chain),
    hasAllow: allow.length > 0,
    allowPolicy: allow[0],
  };
}

const programs = new WeakMap<Mesh, Map<string, AuthorizationProgram>>();

/** The filters that a set of policies makes on a kind of chain; workloads with the same policies share them. */
export function authorizationProgram(
  mesh: Mesh,
  policies: readonly Resource[],
  chain: Chain,
): AuthorizationProgram {
  const known = getOrMake(programs, mesh, () => new Map<string, AuthorizationProgram>());
  return getOrMake(known, `${chain}:${keyOf(policies)}`, () => makeProgram(mesh, policies, chain));
}

/** The first rule that matches, or the first that may match for want of facts. */
export interface Match<R> {
  readonly rule: R | undefined;
  readonly truth: Truth;
}

/** Asks rules in turn: a certain match wins over a possible one. */
export function firstMatch<R extends Pick<CompiledRule, 'matches'>>(
  rules: readonly R[],
  facts: Facts,
): Match<R> {
  let possible: R | undefined;
  for (const rule of rules) {
    const truth = rule.matches(facts);
    if (truth === true) return { rule, truth };
    if (truth === undefined) possible ??= rule;
  }
  return { rule: possible, truth: possible === undefined ? false : undefined };
}
