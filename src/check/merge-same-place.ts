import { groupBy } from './group-failures.js';
import { byCodeUnit } from './order.js';
import type { Finding } from './result.js';

/**
 * Makes one finding of those that say the same of the same place, in the environments of all: overlays that were rendered
 * one by one bring copies of their base along, which the base's file is the place to mend for.
 */
export function mergeSamePlace(alike: readonly Finding[]): readonly Finding[] {
  const places = groupBy(alike, ({ location: { file, line, column }, message, severity }) =>
    JSON.stringify([file, line, column, message, severity]),
  );
  return [...places.values()].flatMap((same) => {
    const [first, ...others] = same;
    if (first === undefined || others.length === 0) return same;
    const subjects = new Map(same.flatMap((each) => each.subjects.map((one) => [JSON.stringify(one), one])));
    const environments = [...new Set(same.flatMap((each) => each.environments))].sort(byCodeUnit);
    return [{ ...first, subjects: [...subjects.values()], environments }];
  });
}
