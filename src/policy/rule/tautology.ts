import type { AddressRange } from './address.js';
import type { Condition, Conjunction } from './condition.js';
import type { Pattern, Wildcard } from './pattern.js';
import type { Rule } from './rule.js';

const universal: ReadonlySet<Wildcard> = new Set(['any', 'some']);

/** A pattern that covers all texts of a dimension that never is empty. */
function coversNonEmpty({ pieces }: Pattern): boolean {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined && 'wildcard' in only && universal.has(only.wildcard);
}

/** `/*` covers every path: each one begins with a slash, but that of `OPTIONS *`, which names no resource. */
function coversPaths(pattern: Pattern): boolean {
  const [first, second] = pattern.pieces;
  if (coversNonEmpty(pattern)) return true;
  const slash = first !== undefined && 'literal' in first && first.literal === '/';
  const rest = second !== undefined && 'wildcard' in second && second.wildcard === 'any';
  return pattern.pieces.length === 2 && slash && rest;
}

/** Both families: a range over all of IPv4 leaves IPv6 out. */
function coversAddresses(ranges: readonly AddressRange[]): boolean {
  return new Set(ranges.filter(({ bits }) => bits === 0).map(({ family }) => family)).size === 2;
}

function isAlwaysTrue(condition: Condition): boolean {
  if (condition.negated) return false;
  switch (condition.on) {
    case 'path':
      return condition.patterns.some(coversPaths);
    case 'method':
    case 'host':
      return condition.patterns.some(coversNonEmpty);
    case 'direct-ip':
    case 'remote-ip':
      return coversAddresses(condition.ranges);
    default:
      return false;
  }
}

/** A conjunction without the conditions that every HTTP request meets. */
function essential(conjunction: Conjunction): Conjunction {
  return conjunction.filter((condition) => !isAlwaysTrue(condition));
}

/** True for a rule that every HTTP request matches: it asks for nothing, or only for what is always so. */
export function isTautology({ sources, operations, common = [] }: Rule): boolean {
  return (
    essential(common).length === 0 &&
    [sources, operations].every((side) => side.some((conjunction) => essential(conjunction).length === 0))
  );
}
