import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = new URL('../../', import.meta.url);

/** Published schemas of JSON reports and of the config, and the files that their types go to. */
const schemas = {
  'schemas/checks.json': 'src/report/generated/json-checks.ts',
  'schemas/report.json': 'src/report/generated/json-report.ts',
  'schemas/decisions.json': 'src/report/generated/json-decisions.ts',
  'schemas/posture.json': 'src/report/generated/json-posture.ts',
  'schemas/config.json': 'src/config/generated/config-types.ts',
};

/** TypeScript type of a schema; knows the few keywords that the report's schema uses and refuses all others. */
function typeOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'object') return schema.properties === undefined ? mapType(schema) : objectType(schema);
  if (schema.type === 'array') return `readonly (${typeOf(schema.items)})[]`;
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'string' || schema.type === 'boolean') return schema.type;
  throw new Error(`no type for ${JSON.stringify(schema)}`);
}

/** Members of any name. */
function mapType({ additionalProperties = true }) {
  const type = additionalProperties === true ? 'unknown' : typeOf(additionalProperties);
  return `Readonly<Record<string, ${type}>>`;
}

function objectType({ properties, required = [] }) {
  const unknown = required.filter((name) => !(name in properties));
  if (unknown.length > 0) throw new Error(`required but not declared: ${unknown.join(', ')}`);
  const fields = Object.entries(properties).map(
    ([name, schema]) =>
      `${comment(schema)}readonly ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
  );
  return `{\n${fields.join('\n')}\n}`;
}

function comment({ description }) {
  return description === undefined ? '' : `/** ${description} */\n`;
}

function declaration(name, schema) {
  const type = typeOf(schema);
  const head = comment(schema);
  return type.startsWith('{')
    ? `${head}export interface ${name} ${type}`
    : `${head}export type ${name} = ${type};`;
}

async function typesOf([schemaPath, typesPath]) {
  const schema = JSON.parse(await readFile(new URL(schemaPath, root), 'utf8'));
  const declarations = [
    ...Object.entries(schema.$defs).map(([name, definition]) => declaration(name, definition)),
    declaration(schema.title, schema),
  ];
  const text = `// Generated from ${schemaPath} by scripts/generate/report-schema.mjs; do not edit.\n\n${declarations.join('\n\n')}\n`;
  const options = await resolveConfig(fileURLToPath(new URL(typesPath, root)));
  return { path: typesPath, text: await format(text, { ...options, parser: 'typescript' }) };
}

/** The config's schema as a module: the command line bundles it. */
async function configSchema() {
  const schema = await readFile(new URL('schemas/config.json', root), 'utf8');
  const path = 'src/config/generated/config-schema.ts';
  const text = `// Generated from schemas/config.json by scripts/generate/report-schema.mjs; do not edit.\n\nexport default ${schema.trim()};\n`;
  const options = await resolveConfig(fileURLToPath(new URL(path, root)));
  return { path, text: await format(text, { ...options, parser: 'typescript' }) };
}

export async function generate() {
  return [...(await Promise.all(Object.entries(schemas).map(typesOf))), await configSchema()];
}
