import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { readCatalogue } from './catalogue.mjs';

// Writes the options that checks declare into the published schema of the config, so that editors complete them and the
// loader refuses what no check has. Runs before the types are made of that schema: generators run in the order of names.

const root = new URL('../../', import.meta.url);
const place = 'schemas/config.json';

const byId = ({ meta: a }, { meta: b }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const schemaOf = ({ meta: { title, options } }) => ({
  description: title,
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(options).map(([name, { description, ...schema }]) => [name, { description, ...schema }]),
  ),
});

export async function generate() {
  const { entries } = await readCatalogue();
  const schema = JSON.parse(await readFile(new URL(place, root), 'utf8'));
  schema.properties.options.properties = Object.fromEntries(
    entries
      .filter(({ meta }) => meta.options !== undefined)
      .toSorted(byId)
      .map((entry) => [entry.meta.id, schemaOf(entry)]),
  );
  const filepath = fileURLToPath(new URL(place, root));
  const text = await format(JSON.stringify(schema), { ...(await resolveConfig(filepath)), filepath });
  return [{ path: place, text }];
}
