import type { StructuralSchema } from './structural.js';

/** A JSON Schema (draft 7) as ajv takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that mean the same in a CRD and in JSON Schema. */
const kept = [
  'enum',
  'pattern',
  'required',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

const stringFormats = new Set([
  'byte',
  'cidr',
  'date',
  'datetime',
  'ipv4',
  'ipv6',
  'k8slongname',
  'k8sshortname',
  'uuid',
]);

/**
 * The format to check, or undefined: the API server knows int32 and int64 on integers, some on strings, and ignores
 * the rest. An integer without a format has to fit int64.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/validation/formats.go, kube-openapi validate/values.go.
 */
function formatOf(schema: StructuralSchema): string | undefined {
  if (schema.type === 'integer') return schema.format === 'int32' ? 'int32' : 'int64';
  if (schema.type !== undefined && schema.type !== 'string') return undefined;
  const format = schema.format?.replaceAll('-', '');
  return format !== undefined && stringFormats.has(format) ? format : undefined;
}

function typeOf(schema: StructuralSchema): string | readonly string[] | undefined {
  const type = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type;
  if (type === undefined || !schema.nullable) return type;
  return [...(typeof type === 'string' ? [type] : type), 'null'];
}

function bounds(schema: StructuralSchema): JsonSchema {
  const { minimum, maximum } = schema;
  return {
    ...(minimum !== undefined && { [schema.exclusiveMinimum ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum !== undefined && { [schema.exclusiveMaximum ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}

function composition(schema: StructuralSchema): JsonSchema {
  const { allOf, anyOf, oneOf, not } = schema;
  return {
    ...(allOf && { allOf: allOf.map(toJsonSchema) }),
    ...(anyOf && { anyOf: anyOf.map(toJsonSchema) }),
    ...(oneOf && { oneOf: oneOf.map(toJsonSchema) }),
    ...(not && { not: toJsonSchema(not) }),
  };
}

function children(schema: StructuralSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, toJsonSchema(child)])),
    }),
    ...(items && { items: toJsonSchema(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: toJsonSchema(additionalProperties) }),
  };
}

/**
 * The JSON Schema that accepts what the API server's structural validation accepts. CEL rules, list types, pruning and
 * defaults are not in it. Source: k8s.io/kube-openapi pkg/validation/validate.
 */
export function toJsonSchema(schema: StructuralSchema): JsonSchema {
  if (schema.$ref !== undefined) return { $ref: schema.$ref };
  const type = typeOf(schema);
  const format = formatOf(schema);
  const composed = composition(schema);
  const result = {
    ...(type !== undefined && { type }),
    ...(format !== undefined && { format }),
    ...Object.fromEntries(kept.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]])),
    ...bounds(schema),
    ...children(schema),
  };
  if (Object.keys(composed).length === 0) return result;
  // A null is only held against type and enum, never against allOf, anyOf, oneOf and not.
  return schema.nullable ? { ...result, if: { type: 'null' }, else: composed } : { ...result, ...composed };
}

/** The root of a kind without what is checked elsewhere: type and object metadata, and status, which a create drops. */
export function withoutEnvelope(schema: StructuralSchema): StructuralSchema {
  const { properties, ...rest } = schema;
  const apart = new Set(['apiVersion', 'kind', 'metadata', 'status']);
  const own = Object.entries(properties ?? {}).filter(([name]) => !apart.has(name));
  return { ...rest, properties: Object.fromEntries(own) };
}
