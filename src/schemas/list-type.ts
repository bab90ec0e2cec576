import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { propertySchema } from './structural.js';
import type { StructuralSchema } from './structural.js';
import type { Invalidity } from './validation.js';

/** A text that is equal for equal values: JSON with sorted keys. */
function canonical(value: JsonValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}:${canonical(child)}`);
  return `{${entries.sort().join(',')}}`;
}

function keyOf(member: JsonValue, schema: StructuralSchema): string {
  if (schema['x-kubernetes-list-type'] === 'set') return canonical(member);
  if (!isObject(member)) return '{}';
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return canonical(Object.fromEntries(keys.filter((key) => Object.hasOwn(member, key)).map((key) => [key, member[key]])));
}

function listErrors(list: readonly JsonValue[], schema: StructuralSchema, path: FieldPath): Invalidity[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const times = new Map<string, number>();
  const errors: Invalidity[] = [];
  for (const [index, member] of list.entries()) {
    const key = keyOf(member, schema);
    const seen = (times.get(key) ?? 0) + 1;
    times.set(key, seen);
    if (seen !== 2) continue;
    const keys = schema['x-kubernetes-list-map-keys']?.join(', ');
    const message = type === 'set' ? 'this value stands in the list already' : `another entry has the same ${String(keys)}`;
    errors.push({ code: 'duplicate', path: [...path, index], message });
  }
  return errors;
}

/**
 * Duplicates in lists that the schema declares as sets or maps.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/listtype.
 */
export function listTypeErrors(
  value: JsonValue | undefined,
  schema: StructuralSchema | undefined,
  path: FieldPath = [],
): readonly Invalidity[] {
  if (!schema || !hasListType(schema)) return [];
  if (isArray(value)) {
    const inner = value.flatMap((member, index) => listTypeErrors(member, schema.items, [...path, index]));
    return [...listErrors(value, schema, path), ...inner];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    listTypeErrors(child, propertySchema(schema, key), [...path, key]),
  );
}

const known = new WeakMap<StructuralSchema, boolean>();

/** True when a list type that can be violated stands in the schema or below it. */
function hasListType(schema: StructuralSchema): boolean {
  const remembered = known.get(schema);
  if (remembered !== undefined) return remembered;
  const type = schema['x-kubernetes-list-type'];
  const { items, properties, additionalProperties } = schema;
  const found =
    type === 'set' ||
    type === 'map' ||
    (items !== undefined && hasListType(items)) ||
    Object.values(properties ?? {}).some(hasListType) ||
    (typeof additionalProperties === 'object' && hasListType(additionalProperties));
  known.set(schema, found);
  return found;
}
