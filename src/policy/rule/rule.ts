import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import type { Conjunction } from './condition.js';

/** Action of an AuthorizationPolicy. */
export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** The kind of filter chain a rule is translated for: one that reads HTTP, or one that sees bytes only. */
export type Chain = 'http' | 'tcp';

/** Values that a rule is written with and that do not reach the proxy. */
export interface DroppedValues {
  readonly path: FieldPath;
  readonly values: readonly string[];
  /** True when no value of the field is left, so that the field no longer narrows the rule. */
  readonly wholly: boolean;
}

/**
 * The normal form of one rule on one kind of chain. It matches a request when some source and some operation match;
 * the `when` conditions stand in each of them, trust domains are expanded, and what the chain can not express is gone.
 */
export interface Rule {
  readonly policy: Resource;
  readonly index: number;
  /** `spec.rules[index]` of the policy. */
  readonly at: FieldRef;
  readonly sources: readonly Conjunction[];
  readonly operations: readonly Conjunction[];
  /** Conditions that hold beside every alternative, where there are too many of both to write them out in each. */
  readonly common?: Conjunction;
  readonly dropped: readonly DroppedValues[];
}

/** A rule that has no effect on a kind of chain. */
export interface DroppedRule {
  readonly at: FieldRef;
  /**
   * `unknown-key`: a `when` key that Istio does not know; `untranslatable`: an ALLOW rule with such a value;
   * `not-layer-4`: an ALLOW rule that asks for what ztunnel does not read.
   */
  readonly reason: 'unknown-key' | 'untranslatable' | 'not-layer-4';
  readonly dropped: readonly DroppedValues[];
}

/** True when the rule matches whatever the request: some source and some operation ask for nothing. */
export function matchesEverything({ sources, operations, common = [] }: Rule): boolean {
  return (
    common.length === 0 &&
    sources.some((source) => source.length === 0) &&
    operations.some((operation) => operation.length === 0)
  );
}
