import type { CatalogueCheck } from './define-check.js';
import { optionValues } from './check-options.js';

/**
 * A check that judges by options of a config.
 *
 * @throws RangeError for an option that the check does not have, or a value that is none of it.
 */
export function withOptions(check: CatalogueCheck, given: Readonly<Record<string, unknown>>): CatalogueCheck {
  optionValues(check.meta.options, given);
  return { ...check, run: (context) => check.run(context, given) };
}
