import type { HttpRule } from './route.js';

/** Kind of path match: exact before prefix before regular expression; without one last (getURIRank). */
const pathRank: Readonly<Record<string, number>> = { exact: 3, prefix: 2, regex: 1 };

/** The figures that rules are compared by, the most important first; undefined for a rule without a match. */
function weightOf({ matches }: HttpRule): readonly number[] | undefined {
  const [match] = matches;
  if (match === undefined) return undefined;
  const { uri, method, headers, queryParams } = match;
  const length = uri === undefined || uri.kind === 'present' ? 0 : new TextEncoder().encode(uri.value).length;
  return [
    uri === undefined ? -1 : (pathRank[uri.kind] ?? -1),
    length,
    method === undefined ? 0 : 1,
    headers.size,
    queryParams.size,
  ];
}

function compareWeights(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  for (const [index, value] of a.entries()) {
    const difference = (b[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Rules in the precedence of the Gateway API, ties as they come (sortHTTPRoutes in pilot/pkg/config/kube/gateway/conversion.go). */
export function byPrecedence(rules: readonly HttpRule[]): readonly HttpRule[] {
  return rules
    .map((rule) => ({ rule, weight: weightOf(rule) }))
    .sort((a, b) => compareWeights(a.weight, b.weight))
    .map(({ rule }) => rule);
}
