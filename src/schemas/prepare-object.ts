import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { propertySchema } from './structural.js';
import type { StructuralSchema } from './structural.js';

/** A field that the schema does not have, with the names that stand at its place. */
export interface UnknownField {
  readonly path: FieldPath;
  readonly known: readonly string[];
}

/** An object as the API server hands it on: defaults filled in, unknown fields and stray nulls dropped. */
export interface PreparedObject {
  readonly object: JsonObject;
  readonly unknown: readonly UnknownField[];
}

interface Walk {
  readonly unknown: UnknownField[];
  /** Where the walk stands. */
  readonly path: (string | number)[];
}

/** Fields of every object that no schema has to name. */
const typeAndObjectMeta = new Set(['apiVersion', 'kind', 'metadata']);

const defaulted = new WeakMap<StructuralSchema, readonly (readonly [string, StructuralSchema])[]>();

/** The properties of a schema that have a default. */
function defaultedProperties(schema: StructuralSchema): readonly (readonly [string, StructuralSchema])[] {
  const known = defaulted.get(schema);
  if (known) return known;
  const found = Object.entries(schema.properties ?? {}).filter(([, child]) => (child.default ?? null) !== null);
  defaulted.set(schema, found);
  return found;
}

function withDefaults(value: JsonObject, schema: StructuralSchema): JsonObject {
  const missing: [string, JsonValue][] = [];
  for (const [name, child] of defaultedProperties(schema)) {
    const present = Object.hasOwn(value, name) && (value[name] !== null || child.nullable === true);
    if (!present) missing.push([name, child.default ?? null]);
  }
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

/** True for a null that the schema does not allow and no default replaces: the API server drops it. */
function isStrayNull(value: JsonValue | undefined, schema: StructuralSchema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

interface Place {
  readonly schema: StructuralSchema | undefined;
  readonly walk: Walk;
}

/** The value that stays under a key; undefined when the key goes. */
function prepareEntry(key: string, child: JsonValue | undefined, place: Place): JsonValue | undefined {
  const { schema, walk } = place;
  const childSchema = schema && propertySchema(schema, key);
  if (!childSchema && schema?.additionalProperties !== true) {
    if (schema?.['x-kubernetes-preserve-unknown-fields']) return child;
    walk.unknown.push({ path: [...walk.path, key], known: Object.keys(schema?.properties ?? {}) });
    return undefined;
  }
  if (isStrayNull(child, childSchema)) return undefined;
  return prepareBelow(key, child, { schema: childSchema, walk });
}

/** What has nothing below it to fill in or drop is handed on as it is. */
function prepareBelow(step: string | number, child: JsonValue | undefined, place: Place): JsonValue | undefined {
  if (typeof child !== 'object') return child;
  const { path } = place.walk;
  path.push(step);
  const prepared = prepareValue(child, place);
  path.pop();
  return prepared;
}

/** Most objects stay as they are: a copy is made when something changes. */
function prepareMapping(value: JsonObject, place: Place): JsonObject {
  const { schema, walk } = place;
  const filled = schema ? withDefaults(value, schema) : value;
  const embedded = walk.path.length === 0 || schema?.['x-kubernetes-embedded-resource'] === true;
  const keys = Object.keys(filled);
  const prepared = keys.map((key) =>
    embedded && typeAndObjectMeta.has(key) ? filled[key] : prepareEntry(key, filled[key], place),
  );
  const isUnchanged = prepared.every((child, index) => child !== undefined && child === filled[keys[index] ?? '']);
  if (isUnchanged) return filled;
  const entries = keys.map((key, index) => [key, prepared[index]] as const);
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

function prepareValue(value: JsonValue | undefined, place: Place): JsonValue | undefined {
  const { schema, walk } = place;
  if (isObject(value)) return prepareMapping(value, place);
  if (!isArray(value)) return value;
  const items = schema?.items;
  if (!items && schema?.['x-kubernetes-preserve-unknown-fields']) return value;
  const prepared = value.map((member, index) => {
    const filled = isStrayNull(member, items) ? (items?.default ?? member) : member;
    return prepareBelow(index, filled, { schema: items, walk }) ?? null;
  });
  return prepared.every((member, index) => member === value[index]) ? value : prepared;
}

/** A copy without one field. */
export function withoutField(object: JsonObject, name: string): JsonObject {
  if (!Object.hasOwn(object, name)) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/**
 * Defaults and prunes an object by the schema of its kind, as a create does; status is looked through for unknown
 * fields and then dropped, because a create cannot set it. Metadata is left as it is.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/{defaulting,pruning}.
 */
export function prepare(object: JsonObject, schema: StructuralSchema): PreparedObject {
  const walk: Walk = { unknown: [], path: [] };
  const prepared = prepareMapping(object, { schema, walk });
  return { object: withoutField(prepared, 'status'), unknown: walk.unknown };
}
