import type { JsonValue } from '#documents/json.js';

/** The type of a value in words that fit after "not": `a string`, `an integer`, `null`. */
export function jsonType(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number';
  return Array.isArray(value) ? 'a list' : 'a mapping';
}
