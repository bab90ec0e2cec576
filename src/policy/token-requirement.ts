import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import { isAboutToken } from './rule/condition.js';
import type { Condition, Conjunction } from './rule/condition.js';
import type { Facts, Truth } from './rule/facts.js';
import { ruleTest } from './rule/match-rule.js';
import type { Test } from './rule/match-rule.js';
import type { Rule } from './rule/rule.js';
import { isTautology } from './rule/tautology.js';
import { candidatesFor } from './rule/witness.js';
import type { Candidate, DraftSpace } from './rule/witness.js';
import { replayed } from './replayed.js';
import type { Replayed } from './replayed.js';

/** The enforced rules of a workload's HTTP chains. */
export interface EnforcedRules {
  readonly deny: readonly Rule[];
  readonly allow: readonly Rule[];
  /** True when some enforced ALLOW policy applies, even one without rules. */
  readonly hasAllow: boolean;
}

/** Whether requests without a token are turned away; `undecided` when neither a proof nor a counterexample was found. */
export interface TokenRequirement {
  readonly token: 'required' | 'partly' | 'optional' | 'undecided';
  readonly requiredBy: readonly FieldRef[];
}

/** What is left of a conjunction for requests without a token: undefined when it asks for one. */
function withoutToken(conjunction: Conjunction): Conjunction | undefined {
  const asksForToken = conjunction.some((condition) => isAboutToken(condition) && !condition.negated);
  return asksForToken ? undefined : conjunction.filter((condition) => !isAboutToken(condition));
}

/** The rule as it reads for requests without a token; undefined when none of them can match it. */
function tokenlessRule(rule: Rule): Rule | undefined {
  const sources = rule.sources.map(withoutToken).filter((one) => one !== undefined);
  const operations = rule.operations.map(withoutToken).filter((one) => one !== undefined);
  const common = withoutToken(rule.common ?? []);
  if (sources.length === 0 || operations.length === 0 || common === undefined) return undefined;
  return { ...rule, sources, operations, common };
}

function mentionsToken({ sources, operations, common = [] }: Rule): boolean {
  return [common, ...sources, ...operations].some((conjunction) => conjunction.some(isAboutToken));
}

/** What one rule says of tokens; it is part of many workloads' sets. */
interface OnTokens {
  readonly mentions: boolean;
  /** No request without a token matches. */
  readonly needsOne: boolean;
  /** Every request without a token matches. */
  readonly takesAll: boolean;
}

const madeOnTokens = new WeakMap<Rule, OnTokens>();

function onTokens(rule: Rule): OnTokens {
  return getOrMake(madeOnTokens, rule, () => {
    const rest = tokenlessRule(rule);
    return {
      mentions: mentionsToken(rule),
      needsOne: rest === undefined,
      takesAll: rest !== undefined && isTautology(rest),
    };
  });
}

interface Tests {
  readonly deny: readonly Test[];
  readonly allow: readonly Test[];
  readonly hasAllow: boolean;
}

const madeTests = new WeakMap<Rule, Test>();

/** One rule is part of many workloads' sets. */
const testOf = (rule: Rule): Test => getOrMake(madeTests, rule, () => ruleTest(rule));

/** True when the rules certainly let the request in. */
function letsIn({ deny, allow, hasAllow }: Tests, facts: Facts): boolean {
  const certain = (test: Test): Truth => test(facts);
  if (deny.some((test) => certain(test) !== false)) return false;
  return !hasAllow || allow.some((test) => certain(test) === true);
}

const anything: Pick<Rule, 'sources' | 'operations'> = { sources: [[]], operations: [[]] };

/** The opposite of each condition of a rule that is not about the token: a request that meets one escapes the rule. */
function escapes({ sources, operations }: Rule): readonly Condition[] {
  const conditions = [...sources, ...operations].flat().filter((condition) => !isAboutToken(condition));
  return conditions.map((condition) => ({ ...condition, negated: !condition.negated }));
}

const mostEscapes = 64;

/** Ways to escape one or several DENY rules at once. */
function waysOut(deny: readonly Rule[]): readonly Conjunction[] {
  let ways: readonly Conjunction[] = [[]];
  for (const rule of deny) {
    const further = escapes(rule).flatMap((escape) => ways.map((way) => [...way, escape]));
    ways = [...ways, ...further].slice(0, mostEscapes);
  }
  return ways.slice(1);
}

/** How many requests are tried: the more rules there are to ask, the fewer, so that the work stays bounded. */
function mostCandidates({ deny, allow }: EnforcedRules): number {
  return Math.max(64, Math.min(4096, Math.floor(400_000 / (1 + deny.length + allow.length))));
}

const madeCandidates = new WeakMap<Pick<Rule, 'sources' | 'operations'>, Map<string, Replayed<Candidate>>>();

/** The candidates of a rule; the first ones, which mostly settle it, are made once for all sets that it is part of. */
function candidatesOf(rule: Pick<Rule, 'sources' | 'operations'>, space: DraftSpace): Iterable<Candidate> {
  const bySpace = getOrMake(madeCandidates, rule, () => new Map<string, Replayed<Candidate>>());
  const key = `${space.trustDomain} ${space.ports.join(',')}`;
  return getOrMake(bySpace, key, () => replayed(() => candidatesFor(rule, space)))();
}

function* allCandidates(rules: EnforcedRules, space: DraftSpace): Generator<Candidate> {
  const wanted = rules.hasAllow ? rules.allow : [anything];
  for (const rule of wanted) yield* candidatesOf(rule, space);
  const ways = waysOut(rules.deny);
  for (const { sources, operations } of wanted) {
    const outside = operations.flatMap((operation) => ways.map((way) => [...operation, ...way]));
    yield* candidatesFor({ sources, operations: outside }, space);
  }
  for (const rule of rules.deny.filter((one) => onTokens(one).mentions)) yield* candidatesOf(rule, space);
}

/** What trying requests has shown: whether one is let in without a token, and whether a token makes a difference to one. */
interface Trial {
  readonly isOpen: boolean;
  readonly matters: boolean;
}

/**
 * Tries requests that ALLOW rules ask for (or any), then such that escape DENY rules, and those that DENY rules name, until
 * nothing more can be learnt: most policies say nothing of tokens, and there the first open request is enough.
 */
function tryRequests(rules: EnforcedRules, space: DraftSpace, aboutToken: boolean): Trial {
  const tests = {
    deny: rules.deny.map(testOf),
    allow: rules.allow.map(testOf),
    hasAllow: rules.hasAllow,
  };
  let [left, isOpen, matters] = [mostCandidates(rules), false, false];
  for (const { withoutToken, withToken } of allCandidates(rules, space)) {
    if (letsIn(tests, withoutToken)) isOpen = true;
    else matters ||= aboutToken && letsIn(tests, withToken());
    left -= 1;
    if (left === 0 || (isOpen && (matters || !aboutToken))) break;
  }
  return { isOpen, matters };
}

/** Rules that on their own turn away every request without a token. */
function proof(rules: EnforcedRules): readonly FieldRef[] | undefined {
  const denial = rules.deny.find((rule) => onTokens(rule).takesAll);
  if (denial !== undefined) return [denial.at];
  const closed = rules.hasAllow && rules.allow.every((rule) => onTokens(rule).needsOne);
  return closed ? rules.allow.map(({ at }) => at) : undefined;
}

/**
 * Whether the rules require a token of every request (`required`), of some (`partly`) or of none. Requests without one
 * have no principal and no claims, so conditions on them fail and their negations hold. `required` needs a rule that
 * proves it; the others need a request without token that is let in, which is looked for among those that the rules'
 * own patterns suggest.
 */
export function tokenRequirement(rules: EnforcedRules, space: DraftSpace): TokenRequirement {
  const requiredBy = proof(rules);
  if (requiredBy !== undefined) return { token: 'required', requiredBy };
  const aboutToken = [...rules.deny, ...rules.allow].filter((rule) => onTokens(rule).mentions);
  const { isOpen, matters } = tryRequests(rules, space, aboutToken.length > 0);
  if (!isOpen) return { token: 'undecided', requiredBy: [] };
  if (!matters) return { token: 'optional', requiredBy: [] };
  return { token: 'partly', requiredBy: aboutToken.map(({ at }) => at) };
}
