import type { JsonObject, JsonValue } from '#documents/json.js';
import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import { containsAll, stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';

function matchesExpression(expression: JsonValue, labels: StringMap): boolean | undefined {
  const key = stringAt(expression, 'key');
  if (key === undefined) return undefined;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const values = stringsAt(expression, 'values');
  switch (stringAt(expression, 'operator')) {
    case 'In':
      return values.length === 0 ? undefined : value !== undefined && values.includes(value);
    case 'NotIn':
      return values.length === 0 ? undefined : value === undefined || !values.includes(value);
    case 'Exists':
      return values.length > 0 ? undefined : value !== undefined;
    case 'DoesNotExist':
      return values.length > 0 ? undefined : value === undefined;
    default:
      return undefined;
  }
}

/**
 * Whether a Kubernetes LabelSelector (matchLabels and matchExpressions, ANDed) matches labels; an empty one matches
 * everything. Undefined for a selector that the API server would refuse
 * (LabelSelectorAsSelector in k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go).
 */
export function matchesLabelSelector(selector: JsonObject, labels: StringMap): boolean | undefined {
  const results = listAt(selector, 'matchExpressions').map((expression) =>
    isObject(expression) ? matchesExpression(expression, labels) : undefined,
  );
  if (results.includes(undefined)) return undefined;
  return containsAll(labels, stringMap(objectAt(selector, 'matchLabels'))) && !results.includes(false);
}

/** True for a LabelSelector without any requirement. */
export function isEmptySelector(selector: JsonObject): boolean {
  const pairs = Object.keys(objectAt(selector, 'matchLabels') ?? {});
  return pairs.length === 0 && listAt(selector, 'matchExpressions').length === 0;
}
