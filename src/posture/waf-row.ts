import { uniqueEvidence } from '#policy/attached-policies.js';
import type { InspectionDecision } from '#policy/waf/inspection.js';
import { gapsOf } from '#policy/waf/verdict.js';
import type { Posture } from './posture.js';
import type { WafRow } from './row.js';

const verdictOf = (decision: InspectionDecision): WafRow['eastWest'] =>
  decision.known ? decision.value.verdict : 'unknown';

/** What web application firewalls read of a workload's requests, as plain data. */
export function wafRow({ waf, policies }: Posture): WafRow {
  const { eastWest, northSouth, routes } = waf;
  const decisions = northSouth === undefined ? [eastWest] : [eastWest, northSouth];
  const gaps = decisions.flatMap(gapsOf);
  const ids = new Set([
    ...gaps.map(({ product }) => product),
    ...decisions.flatMap((decision) => (decision.known ? decision.value.products : [])),
  ]);
  const inspected = routes.filter(({ inspection }) => verdictOf(inspection) === 'inspected');
  return {
    eastWest: verdictOf(eastWest),
    waysIn: northSouth === undefined ? 'none' : verdictOf(northSouth),
    routes: routes.length,
    inspectedRoutes: inspected.length,
    products: policies.waf.products.filter(({ id }) => ids.has(id)).map(({ name }) => name),
    gaps: [...new Set(gaps.map(({ kind }) => kind))],
    missing: uniqueEvidence(decisions.flatMap((decision) => (decision.known ? [] : decision.missing))),
  };
}
