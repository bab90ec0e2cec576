import type { CatalogueCheck } from '#check/index.js';
import type { CliIo } from './cli-io.js';
import { send } from './cli-io.js';
import { names, requireKnown } from './select-checks.js';

/** Lists the catalogue, one family of it, or prints one check. */
export async function runChecksCommand(word: string | undefined, io: CliIo): Promise<number> {
  const { catalogue } = await import('#index.js');
  if (word !== undefined) requireKnown(word, 'checks', catalogue);
  const wanted = word === undefined ? catalogue : catalogue.filter((check) => names(word, check));
  const [only] = wanted;
  const single =
    wanted.length === 1 && only !== undefined && only.meta.id.toLowerCase() === word?.toLowerCase();
  await send(io.stdout, single ? page(only) : list(wanted));
  return 0;
}

function list(checks: readonly CatalogueCheck[]): string {
  const idWidth = Math.max(...checks.map(({ meta }) => meta.id.length));
  const lines = checks.map(({ meta, family }, index) => {
    const head = family === checks[index - 1]?.family ? '' : `${index === 0 ? '' : '\n'}${family}\n`;
    return `${head}  ${meta.id.padEnd(idWidth)}  ${meta.severity.padEnd(8)}  ${meta.title}`;
  });
  return `${lines.join('\n')}\n`;
}

function page({ meta, family, slug }: CatalogueCheck): string {
  return [
    `${meta.id}  ${meta.title}`,
    '',
    `Severity    ${meta.severity} (confidence ${meta.confidence})`,
    `Family      ${family}/${slug}`,
    `Examines    ${meta.examines}`,
    `Fix         ${meta.remediation}`,
    ...(meta.controls.length === 0 ? [] : [`Controls    ${meta.controls.join(', ')}`]),
    ...(meta.aliases === undefined ? [] : [`See also    ${meta.aliases.join(', ')}`]),
    '',
  ].join('\n');
}
