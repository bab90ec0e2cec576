import type { JsonObject, JsonValue } from '#documents/json.js';

/** Labels or annotations. Keys come from the input: look them up with Object.hasOwn where a missing one matters. */
export type StringMap = Readonly<Record<string, string>>;

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isStringMap(object: JsonObject): object is StringMap & JsonObject {
  return Object.values(object).every((value) => typeof value === 'string');
}

/**
 * The string members of a mapping. Scalars that the author forgot to quote are taken by their text: the API server
 * refuses them, and what was meant is plain.
 */
export function stringMap(object: JsonObject | undefined): StringMap {
  if (object !== undefined && isStringMap(object)) return object;
  const entries: [string, string][] = [];
  for (const [key, value] of Object.entries(object ?? {})) {
    const text = textOf(value);
    if (text !== undefined) entries.push([key, text]);
  }
  return Object.fromEntries(entries);
}

/** Both maps in one; the second wins. */
export function mergeMaps(first: StringMap, second: StringMap): StringMap {
  return Object.fromEntries([...Object.entries(first), ...Object.entries(second)]);
}

/** True when the labels hold every pair of the selector. */
export function containsAll(labels: StringMap, selector: StringMap): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}
