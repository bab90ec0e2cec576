import type { JsonObject, JsonValue } from './json.js';

/** A mapping under construction. */
export type Entries = Record<string, JsonValue>;

/** Sets an entry of a mapping whose keys come from the input: `__proto__` becomes a key like any other. */
export function setEntry(target: Entries, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** A copy of a mapping with some entries left out or replaced. */
export function mapEntries(
  source: JsonObject,
  change: (key: string, value: JsonValue) => JsonValue | undefined,
): JsonObject {
  const copy: Entries = {};
  for (const [key, value] of Object.entries(source)) {
    const changed = value === undefined ? undefined : change(key, value);
    if (changed !== undefined) setEntry(copy, key, changed);
  }
  return copy;
}
