import type { FieldPath } from '#documents/document.js';
import { isArray, isObject, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { jsonType } from './json-type.js';
import { propertySchema } from './structural.js';
import type { SchemaError, StructuralCheck, StructuralSchema } from './structural.js';
import { suggestName } from './suggest.js';
import type { Invalidity, InvalidityCode } from './validation.js';

/** No object gets more errors than this: a list of a million wrong values says nothing more. */
const mostErrors = 100;

/** The path of a JSON pointer: a step into a list is a number. */
function pathOf(pointer: string, object: JsonObject): FieldPath {
  let current: JsonValue | undefined = object;
  const path: (string | number)[] = [];
  for (const escaped of pointer.split('/').slice(1)) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(current)) {
      path.push(Number(step));
      current = current[Number(step)];
    } else {
      path.push(step);
      current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
    }
  }
  return path;
}

function schemaAt(schema: StructuralSchema | undefined, path: FieldPath): StructuralSchema | undefined {
  let current = schema;
  for (const step of path) {
    current = typeof step === 'number' ? current?.items : current && propertySchema(current, step);
  }
  return current;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function nameOf(path: FieldPath): string {
  const field = path.findLast((step): step is string => typeof step === 'string');
  return field ?? 'the object';
}

interface Described {
  readonly code: InvalidityCode;
  readonly message: string;
  readonly suggestion?: string;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

function typeMessage(value: JsonValue | undefined, wanted: unknown): string {
  const types = (Array.isArray(wanted) ? wanted : [wanted]).filter((type) => type !== 'null');
  return `must be ${types.map((type) => typeWords[String(type)] ?? String(type)).join(' or ')}, not ${jsonType(value)}`;
}

function enumError(value: JsonValue | undefined, allowed: unknown): Described {
  const values: unknown[] = Array.isArray(allowed) ? allowed : [];
  const names = values.filter((candidate): candidate is string => typeof candidate === 'string');
  const suggestion = typeof value === 'string' ? suggestName(value, names) : undefined;
  return {
    code: 'enum',
    message: `is ${shown(value)}, but must be one of ${values.map(shown).join(', ')}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

function limitMessage(error: SchemaError): string {
  const limit = String(error.params['limit']);
  const messages: Readonly<Record<string, string>> = {
    minLength: `must have at least ${limit} characters`,
    maxLength: `must have at most ${limit} characters`,
    minItems: `must have at least ${limit} entries`,
    maxItems: `must have at most ${limit} entries`,
    minProperties: `must have at least ${limit} entries`,
    maxProperties: `must have at most ${limit} entries`,
    minimum: `must be at least ${limit}`,
    maximum: `must be at most ${limit}`,
    exclusiveMinimum: `must be more than ${limit}`,
    exclusiveMaximum: `must be less than ${limit}`,
    multipleOf: `must be a multiple of ${String(error.params['multipleOf'])}`,
    uniqueItems: 'must not hold the same entry twice',
  };
  return messages[error.keyword] ?? `breaks ${error.keyword}`;
}

function formatMessage(format: unknown): string {
  if (format === 'int32') return 'does not fit into 32 bits';
  if (format === 'int64') return 'does not fit into 64 bits';
  return `is no ${String(format)}`;
}

/** Fields that the alternatives of a schema ask for: what "one of" is about. */
function alternatives(schema: StructuralSchema | undefined): readonly string[] {
  const branches = [...(schema?.oneOf ?? []), ...(schema?.anyOf ?? []), ...(schema?.allOf ?? [])];
  return [...new Set(branches.flatMap((branch) => [...(branch.required ?? []), ...alternatives(branch)]))];
}

function oneOfMessage(value: JsonValue | undefined, schema: StructuralSchema | undefined): string {
  const names = alternatives(schema);
  const set = names.filter((name) => isObject(value) && Object.hasOwn(value, name));
  if (set.length > 1) return `must not have ${set.join(' and ')} together`;
  if (names.length > 0) return `must have exactly one of ${names.join(', ')}`;
  return 'fits none of the alternatives that the schema allows';
}

function describe(error: SchemaError, value: JsonValue | undefined, schema: StructuralSchema | undefined): Described {
  switch (error.keyword) {
    case 'type':
      return { code: 'type', message: typeMessage(value, error.params['type']) };
    case 'enum':
      return enumError(value, error.params['allowedValues']);
    case 'required':
      return { code: 'required', message: 'is required' };
    case 'pattern':
      return { code: 'pattern', message: `is ${shown(value)}, which does not match ${String(error.params['pattern'])}` };
    case 'format':
      return { code: 'limit', message: formatMessage(error.params['format']) };
    case 'oneOf':
    case 'anyOf':
    case 'allOf':
    case 'not':
      return { code: 'one-of', message: oneOfMessage(value, schema) };
    default:
      return { code: 'limit', message: limitMessage(error) };
  }
}

/** True for errors inside an alternative: the alternative as a whole is reported. */
function isInsideAlternative(error: SchemaError): boolean {
  return /\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath) || error.keyword === 'if';
}

function invalidity(error: SchemaError, object: JsonObject, schema: StructuralSchema): Invalidity {
  const at = pathOf(error.instancePath, object);
  const described = describe(error, valueAt(object, at), schemaAt(schema, at));
  const missing = error.keyword === 'required' ? [String(error.params['missingProperty'])] : [];
  const path = [...at, ...missing];
  return { ...described, path, message: `${nameOf(path)} ${described.message}` };
}

/** Runs a structural check and says what is wrong, where; empty when the API server would take the structure. */
export function structuralErrors(
  object: JsonObject,
  check: StructuralCheck,
  schema: StructuralSchema,
): readonly Invalidity[] {
  if (check(object)) return [];
  const errors = check.errors ?? [];
  const outermost = errors.filter((error) => !isInsideAlternative(error));
  return (outermost.length > 0 ? outermost : errors)
    .slice(0, mostErrors)
    .map((error) => invalidity(error, object, schema));
}
