import configSchema from './generated/config-schema.js';
import type { Waiver as WrittenWaiver } from './generated/config-types.js';
import { readYamlFile, type ReadYaml } from './read-yaml-file.js';
import { compile, requireValid } from './validate.js';

/** A waiver with the place where it is written. */
export type LocatedWaiver = WrittenWaiver & {
  readonly at: { readonly file: string; readonly line: number; readonly column: number };
};

const fileSchema = {
  $schema: configSchema.$schema,
  type: 'object',
  additionalProperties: false,
  required: ['waivers'],
  properties: { waivers: { type: 'array', items: { $ref: `${configSchema.$id}#/$defs/Waiver` } } },
};

/** Gives each waiver of a file its place. */
export function toWaivers(
  waivers: readonly WrittenWaiver[],
  { placeOf }: ReadYaml,
  shown: string,
): readonly LocatedWaiver[] {
  return waivers.map((waiver, index) => ({
    ...waiver,
    at: { file: shown, ...placeOf(['waivers', index]) },
  }));
}

/**
 * Reads a file of waivers: a mapping with the one key `waivers`.
 *
 * @throws ConfigError when it cannot be read or is something else.
 */
export async function readWaiverFile(file: string, shown: string): Promise<readonly LocatedWaiver[]> {
  const read = await readYamlFile(file, shown);
  const { waivers } = requireValid(
    read,
    compile<{ readonly waivers: readonly WrittenWaiver[] }>(fileSchema, configSchema),
    shown,
  );
  return toWaivers(waivers, read, shown);
}
