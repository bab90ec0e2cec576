import { isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';

function mergeMember(below: JsonValue | undefined, above: JsonValue | undefined): JsonValue | undefined {
  if (above === undefined) return below;
  return isObject(below) && isObject(above) ? mergeValues(below, above) : above;
}

/** Merges chart values as Helm does: mappings member by member, everything else replaced, null removes. */
export function mergeValues(below: JsonObject, above: JsonObject): JsonObject {
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  const entries = [...keys].map((key): readonly [string, JsonValue | undefined] => {
    const lower = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, Object.hasOwn(above, key) ? mergeMember(lower, above[key]) : lower];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}
