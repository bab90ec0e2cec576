import type { ReleaseNumber } from './version.js';

/** Major, minor and patch number. */
export type Numbers = readonly [number, number, number];

/** Releases that a bulletin names: from the one to the other, both included, or all before one. */
export type AffectedRange = { readonly from: Numbers; readonly to: Numbers } | { readonly before: Numbers };

/** A security bulletin of Istio, as published. */
export interface Advisory {
  readonly id: string;
  readonly date: string;
  /** CVSS base score as the bulletin prints it; undefined where it prints none. */
  readonly score?: number;
  readonly cves: readonly string[];
  readonly affected: readonly AffectedRange[];
  /** The configuration that is exposed, in our words. */
  readonly exposure: string;
}

function compare(one: Numbers, other: Numbers): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

function inRange(numbers: Numbers, range: AffectedRange): boolean {
  if ('before' in range) return compare(numbers, range.before) < 0;
  return compare(numbers, range.from) >= 0 && compare(numbers, range.to) <= 0;
}

/**
 * Whether a bulletin names a release. Of a release whose patch number is not known `undefined` when it names some of
 * the line and not others.
 */
export function affects(advisory: Advisory, { major, minor, patch }: ReleaseNumber): boolean | undefined {
  const names = (number: number): boolean =>
    advisory.affected.some((range) => inRange([major, minor, number], range));
  if (patch !== undefined) return names(patch);
  const [first, last] = [names(0), names(1000)];
  const inside = advisory.affected.some((range) => isOfLine(range, major, minor));
  return first === last && !inside ? first : undefined;
}

/** True for a range that begins or ends inside a release line. */
function isOfLine(range: AffectedRange, major: number, minor: number): boolean {
  const ends = 'before' in range ? [range.before] : [range.from, range.to];
  return ends.some(([one, two, three]) => one === major && two === minor && three > 0 && three < 1000);
}
