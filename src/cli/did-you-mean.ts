import { suggestName } from '#schemas/suggest.js';

/** ` Did you mean high?`, or nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const closest = suggestName(typed, names);
  return closest === undefined ? '' : ` Did you mean ${closest}?`;
}
