import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { parseGoDuration } from '#schemas/go-duration.js';
import { jsonType } from '#schemas/json-type.js';
import { propertySchema } from '#schemas/structural.js';
import type { StructuralSchema } from '#schemas/structural.js';
import { scalarProblem } from './envoy-filter/decode-scalar.js';

/** A spec that protobuf cannot decode: the webhook refuses it before it asks any rule. */
export class DecodeError extends Error {
  readonly path: FieldPath;

  constructor(path: FieldPath, message: string) {
    super(message);
    this.path = path;
  }
}

function camelCase(name: string): string {
  if (!name.includes('_')) return name;
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function refuse(path: FieldPath, wanted: string, value: JsonValue | undefined): never {
  throw new DecodeError(path, `cannot be decoded: ${wanted} is wanted, not ${jsonType(value)}`);
}

function decodeMessage(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonObject {
  if (!isObject(value)) refuse(path, 'a mapping', value);
  const fields = new Map<string, JsonValue>();
  for (const [name, child] of Object.entries(value)) {
    const jsonName = camelCase(name);
    // A field may be spelt as in the proto file too; the JSON name wins when both are there.
    if (jsonName !== name && value[jsonName] !== undefined) continue;
    const decoded = decodeField(child, propertySchema(schema, name), [...path, name]);
    if (decoded !== undefined) fields.set(jsonName, decoded);
  }
  return Object.fromEntries(fields);
}

function decodeMap(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonObject {
  if (!isObject(value)) refuse(path, 'a mapping', value);
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, child]) => [key, decodeElement(child, schema, [...path, key])] as const));
}

function decodeList(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonValue | undefined {
  if (!isArray(value)) refuse(path, 'a list', value);
  // An empty list and none are the same to protobuf.
  if (value.length === 0) return undefined;
  return value.map((member, index) => decodeElement(member, schema.items ?? {}, [...path, index]));
}

function decodeEnum(value: JsonValue, names: readonly JsonValue[], path: FieldPath): JsonValue {
  if (typeof value === 'string') {
    if (names.includes(value)) return value;
    throw new DecodeError(path, `cannot be decoded: "${value}" is none of ${names.map(String).join(', ')}`);
  }
  if (typeof value !== 'number' || scalarProblem('i')?.(value) !== undefined) refuse(path, 'a name', value);
  return names[value] ?? String(value);
}

/** Durations for which the CRDs have no rule. */
const durations = new Set([
  'budgetInterval',
  'idleTimeout',
  'ttl',
  'weightExpirationPeriod',
  'weightStabilizationPeriod',
  'weightUpdatePeriod',
]);

function isDuration(schema: StructuralSchema, name: string | number | undefined): boolean {
  if (typeof name === 'string' && durations.has(name)) return true;
  return schema['x-kubernetes-validations']?.some(({ rule }) => rule.startsWith('duration(self)')) ?? false;
}

function decodeString(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonValue {
  if (schema.enum) return decodeEnum(value, schema.enum, path);
  if (schema.format === 'byte') return decodeScalar('y', value, path);
  if (typeof value !== 'string') refuse(path, 'a string', value);
  if (isDuration(schema, path.at(-1)) && parseGoDuration(value) === undefined) {
    throw new DecodeError(path, `cannot be decoded: "${value}" is not a duration`);
  }
  return value;
}

/** The protobuf types that a field may have: the CRDs give int32 a format, and unsigned integers their bounds. */
function integerTypes(schema: StructuralSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['I', 'U'];
  if (schema.format === 'int64') return ['I'];
  if (schema.format === 'int32' || schema.minimum === undefined) return ['i'];
  return [schema.maximum === undefined ? 'U' : 'u'];
}

/** The quotes are cut off before a text is read as JSON. */
function isNull(value: JsonValue): boolean {
  return typeof value === 'string' && /^ *null *$/.test(value);
}

function decodeInteger(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonValue {
  const fits = integerTypes(schema).some((letter) => scalarProblem(letter)?.(value) === undefined);
  if (!fits) throw new DecodeError(path, 'cannot be decoded: it is not an integer in range');
  return isNull(value) ? 0 : Number(value);
}

/** A value that is read as it is, when it is one of the scalar type. */
function decodeScalar(letter: string, value: JsonValue, path: FieldPath): JsonValue {
  const problem = scalarProblem(letter)?.(value);
  if (problem !== undefined) throw new DecodeError(path, `cannot be decoded: ${problem}`);
  return value;
}

function decodeNumber(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonValue {
  const number = decodeScalar(schema.format === 'float' ? 'f' : 'd', value, path);
  return isNull(number) ? 0 : Number(number);
}

function decodeValue(value: JsonValue, schema: StructuralSchema, path: FieldPath): JsonValue | undefined {
  const { properties, additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return decodeMap(value, additionalProperties, path);
  if (properties) return decodeMessage(value, schema, path);
  switch (schema['x-kubernetes-int-or-string'] ? 'integer' : schema.type) {
    case 'array':
      return decodeList(value, schema, path);
    case 'object':
      return isObject(value) ? value : refuse(path, 'a mapping', value);
    case 'string':
      return decodeString(value, schema, path);
    case 'integer':
      return decodeInteger(value, schema, path);
    case 'number':
      return decodeNumber(value, schema, path);
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(path, 'true or false', value);
    default:
      return value;
  }
}

function decodeField(
  value: JsonValue | undefined,
  schema: StructuralSchema | undefined,
  path: FieldPath,
): JsonValue | undefined {
  if (value === undefined || value === null) return undefined;
  return schema ? decodeValue(value, schema, path) : value;
}

/** A member of a list or map: null is the zero value there, not absence. */
function decodeElement(value: JsonValue | undefined, schema: StructuralSchema, path: FieldPath): JsonValue {
  if (value !== null && value !== undefined) return decodeValue(value, schema, path) ?? null;
  if (schema.type === 'string') return schema.enum?.[0] ?? '';
  if (schema.type === 'object') return {};
  return schema.type === 'boolean' ? false : 0;
}

/**
 * Decodes a spec as Istio's webhook does, by the CRD schema that was made from the same protobuf: JSON names, enums by
 * name, nulls and empty lists absent. Throws a DecodeError where protobuf refuses.
 * Source: github.com/golang/protobuf jsonpb/decode.go, istio/istio pilot/pkg/config/kube/crd/conversion.go.
 */
export function decodeSpec(spec: JsonValue | undefined, schema: StructuralSchema | undefined): JsonObject {
  if (spec === undefined || spec === null) return {};
  return decodeMessage(spec, schema ?? {}, ['spec']);
}
