import type { CatalogueCheck, Severity } from '#check/index.js';
import type { OwnProfile, SensitivePart } from '#config/generated/config-types.js';
import { builtInProfile, checksOf, namesCheck, withOptions, withSensitive, withSeverity } from '#index.js';
import { suggestName } from '#schemas/suggest.js';
import { UsageError } from './usage-error.js';

/** Ids or families of checks to run, and not to run. */
export interface Selectors {
  readonly select?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** Default: `baseline`; where frameworks are reported on `strict`, for a control is judged by all of its checks. */
  readonly profile?: string | undefined;
  /** Profiles that the config defines, by name. */
  readonly profiles?: Readonly<Record<string, OwnProfile>>;
  readonly frameworks?: readonly string[];
}

/** What a config says of checks. */
export interface Grades {
  readonly severity: Readonly<Record<string, Severity>>;
  /** Values of options, by the id of the check; valid. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly sensitive: readonly SensitivePart[];
  readonly waivers: readonly {
    readonly checks: readonly string[];
    readonly at: { readonly file: string; readonly line: number };
  }[];
}

/**
 * The checks of the profile, or of it those that `--select` names, less those that `--ignore` names; in the order of the
 * catalogue. A check that is named by its id needs to be in no profile.
 */
export function selectChecks(
  catalogue: readonly CatalogueCheck[],
  { select, ignore = [], profile, profiles = {}, frameworks = [] }: Selectors,
): readonly CatalogueCheck[] {
  const name = profile ?? (frameworks.length > 0 ? 'strict' : 'baseline');
  const usual = new Set(profileChecks(name, profiles, catalogue));
  const wanted = (word: string, check: CatalogueCheck): boolean =>
    namesCheck(word, check) && (usual.has(check) || word.toLowerCase() !== check.family);
  for (const word of select ?? []) requireKnown(word, '--select', catalogue);
  for (const word of ignore) requireKnown(word, '--ignore', catalogue);
  const checks = catalogue.filter(
    (check) =>
      (select?.some((word) => wanted(word, check)) ?? usual.has(check)) &&
      !ignore.some((word) => namesCheck(word, check)),
  );
  if (checks.length === 0) {
    throw new UsageError(
      'no check is left to run',
      'See "meshaudit checks" for all, and widen --select or drop --ignore.',
    );
  }
  return checks;
}

/** The checks of a profile: one of the config goes before one of the same name that comes with the tool. */
function profileChecks(
  name: string,
  profiles: Readonly<Record<string, OwnProfile>>,
  catalogue: readonly CatalogueCheck[],
): readonly CatalogueCheck[] {
  const own = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  const known = name === 'baseline' || name === 'strict';
  if (own === undefined && known) return checksOf(builtInProfile(name, catalogue), catalogue);
  if (own === undefined) throw unknownProfile(name, Object.keys(profiles));
  const { base = 'baseline', add = [], drop = [] } = own;
  for (const word of [...add, ...drop]) requireKnown(word, `profile ${name}`, catalogue);
  const start = base === 'none' ? [] : checksOf(builtInProfile(base, catalogue), catalogue);
  return catalogue.filter(
    (check) =>
      (start.includes(check) || add.some((word) => namesCheck(word, check))) &&
      !drop.some((word) => namesCheck(word, check)),
  );
}

function unknownProfile(name: string, own: readonly string[]): UsageError {
  const all = ['baseline', 'strict', ...own];
  const closest = suggestName(name, all);
  const hint = `There are ${all.join(', ')}.`;
  return new UsageError(
    `there is no profile "${name}"`,
    closest === undefined ? hint : `Did you mean ${closest}? ${hint}`,
  );
}

/**
 * Checks with the options and severities that a config gives them. Refuses what names no check, there and in waivers.
 */
export function gradedChecks(
  checks: readonly CatalogueCheck[],
  { severity, options, sensitive, waivers }: Grades,
  catalogue: readonly CatalogueCheck[],
): readonly CatalogueCheck[] {
  for (const id of Object.keys(severity)) requireKnown(id, 'severity', catalogue);
  for (const { checks: words, at } of waivers)
    for (const word of words) requireKnown(word, `${at.file}:${String(at.line)}: waiver`, catalogue);
  const wanted = Object.entries(severity);
  return checks.map((check) => {
    const found = wanted.find(([word]) => namesCheck(word, check));
    const { id } = check.meta;
    const set = Object.hasOwn(options, id) ? withOptions(check, options[id] ?? {}) : check;
    return withSensitive(found === undefined ? set : withSeverity(set, found[1]), sensitive);
  });
}

/** Refuses a word that is no id and no family, with the one that was probably meant. */
export function requireKnown(word: string, option: string, catalogue: readonly CatalogueCheck[]): void {
  if (catalogue.some((check) => namesCheck(word, check))) return;
  const known = [
    ...new Set([...catalogue.map(({ meta }) => meta.id), ...catalogue.map(({ family }) => family)]),
  ];
  const closest = suggestName(word, known);
  throw new UsageError(
    `${option}: there is no check and no family "${word}"`,
    closest === undefined ? 'See "meshaudit checks" for all of them.' : `Did you mean ${closest}?`,
  );
}
