import type { Action } from '#policy/rule/rule.js';
import type { RuleField } from './written-rule.js';

/**
 * True when a constraint that never matches lets in what it was to keep out: what DENY and CUSTOM look for, and what
 * ALLOW excludes. Elsewhere it keeps out what was to be let in.
 */
export function opensWhenDead(
  action: Action | undefined,
  { negative }: Pick<RuleField, 'negative'>,
): boolean {
  return (action === 'ALLOW') === negative;
}
