import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { Inspection, InspectionDecision, InspectionGap, InspectionVerdict } from './inspection.js';

/** What one product's engine does with the requests of one subject: its gaps say how far it falls short. */
export interface Engine {
  /** Id of the product. */
  readonly product: string;
  readonly by: readonly FieldRef[];
  readonly gaps: readonly InspectionGap[];
  /** What the input does not hold; with something here the engine may be as good as its gaps allow, or worse. */
  readonly missing: readonly MissingEvidence[];
}

/** The best first. */
const order: readonly InspectionVerdict[] = [
  'inspected',
  'partly',
  'detects-only',
  'fails-open',
  'not-inspected',
];

const rank = (verdict: InspectionVerdict): number => order.indexOf(verdict);

function worseOf(one: InspectionVerdict, other: InspectionVerdict): InspectionVerdict {
  return rank(one) < rank(other) ? other : one;
}

/** What one gap leaves of the inspection. */
export function verdictOfGap({ kind, reach }: Pick<InspectionGap, 'kind' | 'reach'>): InspectionVerdict {
  if (reach === 'none') return 'inspected';
  if (reach === 'some') return 'partly';
  return kind === 'fails-open' || kind === 'detects-only' ? kind : 'not-inspected';
}

/** What all the gaps of one engine leave: never better than the worst of them. */
export function verdictOfGaps(gaps: readonly InspectionGap[]): InspectionVerdict {
  return gaps.map(verdictOfGap).reduce(worseOf, 'inspected');
}

const placeKey = ({ resource, path }: FieldRef): string =>
  JSON.stringify([resource.kind, resource.namespace, resource.name, resource.origin, path]);

/** Two gaps of one key are the same gap; how far it reaches does not count. */
export function gapKey({ kind, product, at, data }: InspectionGap): string {
  return JSON.stringify([kind, product, placeKey(at), Object.entries(data).sort()]);
}

function uniqueBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  return [...new Map([...all].reverse().map((one) => [keyOf(one), one])).values()].reverse();
}

/** The same fields without repetitions. */
export function uniqueFields(fields: readonly FieldRef[]): readonly FieldRef[] {
  return uniqueBy(fields, placeKey);
}

/** Nothing inspects, and nothing was meant to. */
export const uninspected: Inspection = { verdict: 'not-inspected', products: [], by: [], gaps: [] };

/**
 * What several engines that each see every request of a subject make of it together: the best of them counts, the gaps of
 * all are told. Unknown where one whose evidence is not in the input could be better than those that are proven.
 */
export function inspectionOf(engines: readonly Engine[]): InspectionDecision {
  const gaps = uniqueBy(
    engines.flatMap((engine) => engine.gaps),
    gapKey,
  );
  const proven = engines.filter(({ missing }) => missing.length === 0);
  const verdict = proven
    .map((engine) => verdictOfGaps(engine.gaps))
    .reduce((best, one) => (rank(one) < rank(best) ? one : best), 'not-inspected');
  const better = engines.filter(
    (engine) => engine.missing.length > 0 && rank(verdictOfGaps(engine.gaps)) < rank(verdict),
  );
  const by = uniqueFields(engines.flatMap((engine) => engine.by));
  if (better.length > 0)
    return { ...unknown(uniqueEvidence(better.flatMap(({ missing }) => missing))), gaps };
  const products = [...new Set(engines.map(({ product }) => product))].sort();
  return known({ verdict, products, by, gaps }, by[0] ?? 'default');
}

/** The gaps that are sure, also where the verdict is not. */
export function gapsOf(decision: InspectionDecision): readonly InspectionGap[] {
  return decision.known ? decision.value.gaps : decision.gaps;
}

function verdictOfParts(parts: readonly Inspection[]): InspectionVerdict {
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  const isMixed = verdicts.size > 1 && verdicts.delete('not-inspected');
  const worst = [...verdicts].reduce(worseOf, parts.length === 0 ? 'not-inspected' : 'inspected');
  return isMixed ? worseOf('partly', worst) : worst;
}

/** The gaps of several parts of the traffic: what is not the case in all of them concerns only some of it. */
function gapsOfParts(parts: readonly (readonly InspectionGap[])[]): readonly InspectionGap[] {
  const counts = new Map<string, number>();
  for (const gaps of parts)
    for (const key of new Set(gaps.map(gapKey))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return uniqueBy(parts.flat(), gapKey).map((gap) => {
    const inAll = counts.get(gapKey(gap)) === parts.length;
    return gap.reach === 'all' && !inAll ? { ...gap, reach: 'some' } : gap;
  });
}

/**
 * Joins what is inspected of several parts of one subject's traffic (chains, listeners, paths), of which a request takes
 * one: the worst of those that are inspected, and no better than `partly` where some are not inspected at all.
 */
export function combine(parts: readonly Inspection[]): Inspection {
  return {
    verdict: verdictOfParts(parts),
    products: [...new Set(parts.flatMap(({ products }) => products))].sort(),
    by: uniqueFields(parts.flatMap(({ by }) => by)),
    gaps: gapsOfParts(parts.map(({ gaps }) => gaps)),
  };
}

/** As `combine`, for parts of which some may be unknown: then the whole is. */
export function combineDecisions(parts: readonly InspectionDecision[]): InspectionDecision {
  const open = parts.flatMap((part) => (part.known ? [] : part.missing));
  if (open.length > 0) return { ...unknown(uniqueEvidence(open)), gaps: gapsOfParts(parts.map(gapsOf)) };
  const whole = combine(parts.flatMap((part) => (part.known ? [part.value] : [])));
  return known(whole, whole.by[0] ?? 'default');
}

const alone = new WeakMap<InspectionDecision, InspectionDecision>();

/**
 * Joins inspections that stand one behind the other, all of which a request passes (a front, then the gateway): the best
 * counts. An unknown one makes the whole unknown unless another inspects everything. One stage gives the same object
 * whenever it is asked about, so that what many workloads share stays shared.
 */
export function inSeries(stages: readonly InspectionDecision[]): InspectionDecision {
  const [first] = stages;
  return first !== undefined && stages.length === 1
    ? getOrMake(alone, first, () => joined(stages))
    : joined(stages);
}

function joined(stages: readonly InspectionDecision[]): InspectionDecision {
  const values = stages.flatMap((stage) => (stage.known ? [stage.value] : []));
  const gaps = uniqueBy(stages.flatMap(gapsOf), gapKey);
  const verdict = values
    .map((value) => value.verdict)
    .reduce((best, one) => (rank(one) < rank(best) ? one : best), 'not-inspected');
  const open = stages.flatMap((stage) => (stage.known ? [] : stage.missing));
  if (open.length > 0 && verdict !== 'inspected') return { ...unknown(uniqueEvidence(open)), gaps };
  const by = uniqueFields(values.flatMap((value) => value.by));
  const products = [...new Set(values.flatMap((value) => value.products))].sort();
  return known({ verdict, products, by, gaps }, by[0] ?? 'default');
}
