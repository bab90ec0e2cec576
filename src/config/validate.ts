import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { suggestName } from '#schemas/suggest.js';
import { ConfigError } from './config-error.js';
import type { ReadYaml } from './read-yaml-file.js';

/** Makes a validator of a published schema and of those that it refers to. */
export function compile<T>(schema: object, ...others: readonly object[]): ValidateFunction<T> {
  const ajv = new Ajv2020({ allErrors: true, verbose: true });
  for (const other of others) ajv.addSchema(other);
  return ajv.compile<T>(schema);
}

/**
 * The value of a file, when it is what the schema says.
 *
 * @throws ConfigError with every mistake in it, each with its line.
 */
export function requireValid<T>(read: ReadYaml, validate: ValidateFunction<T>, shown: string): T {
  const { value } = read;
  if (validate(value)) return value;
  const mistakes = (validate.errors ?? [])
    .map((error) => mistake(error, read))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, text }) => `${shown}:${String(line)}:${String(column)}: ${text}`);
  throw new ConfigError([...new Set(mistakes)].join('\n'));
}

function mistake(error: ErrorObject, { placeOf }: ReadYaml) {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const extra = unknownName(error);
  const where = steps.length === 0 ? '' : `${steps.join('.')}: `;
  return {
    ...placeOf(extra === undefined ? steps : [...steps, extra]),
    text: `${where}${explanation(error)}`,
  };
}

function unknownName({ keyword, params }: ErrorObject): string | undefined {
  const name: unknown = params['additionalProperty'];
  return keyword === 'additionalProperties' && typeof name === 'string' ? name : undefined;
}

function explanation(error: ErrorObject): string {
  const name = unknownName(error);
  if (name !== undefined && error.instancePath === '/options')
    return `"${name}" is no check with options.${suggestion(name, settingsOf(error))}`;
  if (name !== undefined) return `there is no setting "${name}".${suggestion(name, settingsOf(error))}`;
  const { keyword, params, data } = error;
  if (keyword === 'required') return `"${String(params['missingProperty'])}" is missing.`;
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
    return `${JSON.stringify(data)} is none of ${allowed.join(', ')}.${suggestion(String(data), allowed)}`;
  }
  if (keyword === 'type') return `it has to be of type ${String(params['type'])}.`;
  if (keyword === 'minItems' || keyword === 'minProperties' || keyword === 'minLength') return 'it is empty.';
  if (keyword === 'pattern') return `${JSON.stringify(data)} is not in the form that is expected.`;
  return `${error.message ?? keyword}.`;
}

function settingsOf({ parentSchema }: ErrorObject): readonly string[] {
  const properties: unknown = parentSchema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function suggestion(typed: string, names: readonly string[]): string {
  const closest = suggestName(typed, names);
  return closest === undefined ? '' : ` Did you mean "${closest}"?`;
}
