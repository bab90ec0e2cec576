import { cutObject, isStored, ruleFor } from './cut-rule.js';
import { isObject, type JsonObject, type JsonValue } from './json.js';
import { mapEntries } from './set-entry.js';

interface Type {
  readonly apiVersion: string;
  readonly kind: string;
}

/** An object without what no decision reads ({@link ruleFor}). A Secret keeps the keys of its data and none of the values. */
export function prune(object: JsonObject, type: Type): JsonObject {
  const stored = isStored(object['metadata']);
  const pruned = cutObject(object, ruleFor({ ...type, stored }));
  if (!isSecret(type)) return pruned;
  return detached(
    mapEntries(pruned, (key, value) => (key === 'data' || key === 'stringData' ? hideValues(value) : value)),
  );
}

/** True for the kind whose values are never kept. */
export function isSecret(type: Type): boolean {
  return type.kind === 'Secret' && type.apiVersion === 'v1';
}

function hideValues(data: JsonValue): JsonValue {
  return isObject(data) ? mapEntries(data, () => null) : null;
}

/** A copy that shares no memory with the text it was read from: strings may be windows into a larger one. */
function detached(object: JsonObject): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(object));
  return copy as JsonObject;
}
