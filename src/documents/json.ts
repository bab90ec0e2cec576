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

/** The value at a path, or undefined where the path leaves the structure. */
export function valueAt(
  value: JsonValue | undefined,
  path: readonly (string | number)[],
): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of path) {
    if (isArray(current)) current = typeof step === 'number' ? current[step] : undefined;
    else if (typeof current !== 'object' || current === null) return undefined;
    else if (!Object.hasOwn(current, step)) return undefined;
    else current = current[typeof step === 'string' ? step : String(step)];
  }
  return current;
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
