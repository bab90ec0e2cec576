/** A value as JSON knows it: what every reader of this project hands on. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A mapping with string keys, as Kubernetes objects are. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for a mapping; false for sequences, scalars, null and undefined. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a sequence. Narrows readonly arrays, which Array.isArray does not. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function memberOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  const member = value[step];
  return member === undefined || Object.hasOwn(value, step) ? member : undefined;
}

/** The value at a path, or undefined where the path leaves the structure. */
export function valueAt(
  value: JsonValue | undefined,
  path: readonly (string | number)[],
): JsonValue | undefined {
  let found = value;
  for (let step = 0; step < path.length && found !== undefined; step++)
    found = memberOf(found, path[step] ?? '');
  return found;
}

/** The mapping at a path, or undefined when there is none or it is something else. */
export function objectAt(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): JsonObject | undefined {
  const found = valueAt(value, path);
  return isObject(found) ? found : undefined;
}

/** The sequence at a path; empty when there is none or it is something else. */
export function listAt(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): readonly JsonValue[] {
  const found = valueAt(value, path);
  return isArray(found) ? found : [];
}

/** The string at a path, or undefined when there is none or it is something else. */
export function stringAt(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** The string members of the sequence at a path. */
export function stringsAt(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): readonly string[] {
  return listAt(value, ...path).filter((member): member is string => typeof member === 'string');
}
