import type { CatalogueCheck } from './define-check.js';

/**
 * How much of the catalogue to run: `baseline` is what a reviewer would act on and is quiet on a healthy mesh; `strict`
 * is everything.
 */
export type ProfileName = 'baseline' | 'strict';

/** A choice of checks under a name; a user's own is made of words too. */
export interface Profile {
  readonly name: string;
  /** Ids and families of the checks that belong to it. */
  readonly select: readonly string[];
}

/** The profiles that come with the tool, made from what the checks say of themselves. */
export function builtInProfile(name: ProfileName, catalogue: readonly CatalogueCheck[]): Profile {
  const chosen = catalogue.filter(({ meta }) => name === 'strict' || meta.profile !== 'strict');
  return { name, select: chosen.map(({ meta }) => meta.id) };
}

/** The checks of a profile, in the order of the catalogue. */
export function checksOf(
  { select }: Profile,
  catalogue: readonly CatalogueCheck[],
): readonly CatalogueCheck[] {
  const words = new Set(select.map((word) => word.toLowerCase()));
  return catalogue.filter(({ meta, family }) => words.has(meta.id.toLowerCase()) || words.has(family));
}
