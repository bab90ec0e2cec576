import type { CatalogueCheck } from '#check/index.js';
import { closestName } from './did-you-mean.js';
import { UsageError } from './usage-error.js';

/** Ids or families of checks to run, and not to run. */
export interface Selectors {
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
}

/** The checks that `--select` names, all without it, less those that `--ignore` names; in the order of the catalogue. */
export function selectChecks(
  catalogue: readonly CatalogueCheck[],
  { select, ignore = [] }: Selectors,
): readonly CatalogueCheck[] {
  for (const word of select ?? []) requireKnown(word, '--select', catalogue);
  for (const word of ignore) requireKnown(word, '--ignore', catalogue);
  const checks = catalogue.filter(
    (check) =>
      (select?.some((word) => names(word, check)) ?? true) && !ignore.some((word) => names(word, check)),
  );
  if (checks.length === 0) {
    throw new UsageError(
      'no check is left to run',
      'See "meshaudit checks" for all, and widen --select or drop --ignore.',
    );
  }
  return checks;
}

/** True when a word is the check's id or its family, whatever the case. */
export function names(word: string, { meta, family }: CatalogueCheck): boolean {
  return word.toLowerCase() === meta.id.toLowerCase() || word.toLowerCase() === family;
}

/** Refuses a word that is no id and no family, with the one that was probably meant. */
export function requireKnown(word: string, option: string, catalogue: readonly CatalogueCheck[]): void {
  if (catalogue.some((check) => names(word, check))) return;
  const known = [
    ...new Set([...catalogue.map(({ meta }) => meta.id), ...catalogue.map(({ family }) => family)]),
  ];
  const closest = closestName(word, known);
  throw new UsageError(
    `${option}: there is no check and no family "${word}"`,
    closest === undefined ? 'See "meshaudit checks" for all of them.' : `Did you mean ${closest}?`,
  );
}
