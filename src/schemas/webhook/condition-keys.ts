import type { FieldPath } from '#documents/document.js';
import type { Invalidity } from '#schemas/validation.js';
import { addresses, notEmpty, ports, serviceAccounts, wildcards } from './security-values.js';
import type { ValuesCheck } from './security-values.js';
import { complaint } from './webhook.js';

const anything: ValuesCheck = () => [];

/** Condition keys with a fixed name and how their values are checked. Source: security.go, ValidateAttribute. */
const exactKeys: ReadonlyMap<string, ValuesCheck> = new Map([
  ['source.ip', addresses],
  ['remote.ip', addresses],
  ['source.namespace', anything],
  ['source.serviceAccount', serviceAccounts],
  ['source.principal', anything],
  ['source.trustDomain', wildcards],
  ['request.auth.principal', anything],
  ['request.auth.audiences', anything],
  ['request.auth.presenter', anything],
  ['destination.ip', addresses],
  ['destination.port', ports],
  ['connection.sni', anything],
]);

const bracketPrefixes = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'] as const;

/** True for `a[b]` with something before and between the brackets. */
function isMapKey(key: string): boolean {
  const open = key.indexOf('[');
  return key.endsWith(']') && open > 0 && open < key.length - 2;
}

function keyProblem(key: string): string | undefined {
  if (bracketPrefixes.some((prefix) => key.startsWith(prefix))) {
    return isMapKey(key) ? undefined : `the key "${key}" must have the form a[b]`;
  }
  if (exactKeys.has(key)) return undefined;
  if (key === 'destination.namespace') return 'destination.namespace is given by the namespace of the policy';
  if (key.startsWith('destination.labels')) return `${key} is given by the selector of the policy`;
  if (key === 'destination.name' || key === 'destination.user') return `${key} was only supported in v1alpha1`;
  return `unknown attribute "${key}"`;
}

/** Faults of a condition's key and of its values, which stand at `path`; the key itself stands at `keyPath`. */
export function conditionErrors(
  key: string,
  values: readonly string[],
  at: { readonly path: FieldPath; readonly keyPath: FieldPath },
): readonly Invalidity[] {
  const empty = notEmpty(values, at.path);
  if (empty.length > 0) return empty;
  const problem = keyProblem(key);
  if (problem !== undefined) return [complaint(at.keyPath, problem)];
  return exactKeys.get(key)?.(values, at.path) ?? [];
}
