import type { EnvironmentInspection, InspectionCounts } from '#check/index.js';

/** What web application firewalls inspect, in one line, and what falls short of it. */
export interface WafLine {
  /** `2 of 5 public routes and 1 of 6 workloads inspected`. */
  readonly text: string;
  /** By which products, and what the others are. */
  readonly aside: string;
}

type Word = Exclude<keyof InspectionCounts, 'total' | 'inspected' | 'notInspected'>;

const words: readonly (readonly [Word, string])[] = [
  ['partly', 'partly'],
  ['detectsOnly', 'detect only'],
  ['failsOpen', 'fail open'],
  ['unknown', 'unknown'],
];

function counted(count: number, total: number, noun: string): string {
  return `${String(count)} of ${String(total)} ${noun}${total === 1 ? '' : 's'}`;
}

/** The line over all environments; undefined where nothing could be inspected. */
export function wafLine(inspections: readonly EnvironmentInspection[] = []): WafLine | undefined {
  const sum = (part: 'routes' | 'workloads', member: keyof InspectionCounts): number =>
    inspections.reduce((total, inspection) => total + inspection[part][member], 0);
  const totals = { routes: sum('routes', 'total'), workloads: sum('workloads', 'total') };
  if (totals.routes + totals.workloads === 0) return undefined;
  const products = [...new Set(inspections.flatMap((inspection) => inspection.products))].sort();
  const short = words.flatMap(([member, word]) => {
    const count = sum('routes', member) + sum('workloads', member);
    return count === 0 ? [] : [`${String(count)} ${word}`];
  });
  const routes = counted(sum('routes', 'inspected'), totals.routes, 'public route');
  const workloads = counted(sum('workloads', 'inspected'), totals.workloads, 'workload');
  return {
    text: `${routes} and ${workloads} inspected`,
    aside: products.length === 0 ? 'no product in the input' : [products.join(', '), ...short].join('; '),
  };
}
