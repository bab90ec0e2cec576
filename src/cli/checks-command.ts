import type { CatalogueCheck, ProfileName, Severity } from '#check/index.js';
import type { FrameworkSelection } from '#index.js';
import type { CliIo } from './cli-io.js';
import { send, wantsColor, widthOf } from './cli-io.js';
import { requireKnown } from './select-checks.js';
import { allFrameworks, requireFrameworks } from './select-frameworks.js';
import { UsageError } from './usage-error.js';

/** Options of `meshaudit checks`, as the command line gives them. */
export interface ChecksFlags {
  readonly format: 'table' | 'json' | 'markdown';
  readonly family?: readonly string[];
  readonly severity?: readonly Severity[];
  readonly profile?: ProfileName;
  /** True: all there are. */
  readonly framework?: readonly string[] | true;
  readonly color: boolean;
}

/** Lists the catalogue or a part of it, prints the page of one check, or maps controls to checks. */
export async function runChecksCommand(
  word: string | undefined,
  flags: ChecksFlags,
  io: CliIo,
): Promise<number> {
  const { catalogue, renderCheckPage, renderChecks, selectFramework } = await import('#index.js');
  const options = { color: wantsColor(io.stdout, io.env, flags.color), width: widthOf(io.stdout, io.env) };
  const only = catalogue.find(({ meta }) => meta.id.toLowerCase() === word?.toLowerCase());
  if (only !== undefined && flags.format === 'table' && flags.framework === undefined) {
    await send(io.stdout, await renderCheckPage(only, options));
    return 0;
  }
  const wanted = frameworksOf(flags);
  const frameworks = wanted.map((name) => selectFramework(name)).filter((found) => found !== undefined);
  const checks = await filtered(catalogue, word, flags);
  const bearing = frameworks.length === 0 ? checks : await bearingOn(checks, frameworks);
  await send(io.stdout, await renderChecks({ checks: bearing, frameworks }, flags.format, options));
  return 0;
}

function frameworksOf({ framework }: ChecksFlags): readonly string[] {
  if (framework === undefined) return [];
  return framework === true ? allFrameworks() : requireFrameworks(framework);
}

async function filtered(
  catalogue: readonly CatalogueCheck[],
  word: string | undefined,
  { family = [], severity = [], profile = 'strict' }: ChecksFlags,
): Promise<readonly CatalogueCheck[]> {
  const { builtInProfile, checksOf, namesCheck } = await import('#index.js');
  if (word !== undefined) requireKnown(word, 'checks', catalogue);
  for (const name of family) requireFamily(name, catalogue);
  const checks = checksOf(builtInProfile(profile, catalogue), catalogue).filter(
    (check) =>
      (word === undefined || namesCheck(word, check)) &&
      (family.length === 0 || family.some((name) => name.toLowerCase() === check.family)) &&
      (severity.length === 0 || severity.includes(check.meta.severity)),
  );
  if (checks.length === 0)
    throw new UsageError('no check is like that', 'See "meshaudit checks" for all of them.');
  return checks;
}

function requireFamily(name: string, catalogue: readonly CatalogueCheck[]): void {
  requireKnown(name, '--family', catalogue);
  if (catalogue.some(({ family }) => family === name.toLowerCase())) return;
  throw new UsageError(`--family: ${name} is a check, not a family`, `Try "meshaudit checks ${name}".`);
}

async function bearingOn(
  checks: readonly CatalogueCheck[],
  frameworks: readonly FrameworkSelection[],
): Promise<readonly CatalogueCheck[]> {
  const { bearsOn } = await import('#index.js');
  return checks.filter(({ meta }) => frameworks.some((framework) => bearsOn(meta, framework)));
}
