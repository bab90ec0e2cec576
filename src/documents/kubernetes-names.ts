import { isObject, type JsonValue } from './json.js';

/** Group and version of an apiVersion; the core group is `''`. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** True for `List` and the typed lists of every API (`DeploymentList`). */
export function isListKind(kind: string): boolean {
  return kind.endsWith('List');
}

/** apiVersion and kind of a Kubernetes object; undefined when one is missing or no string. */
export function typeOf(value: JsonValue): { readonly apiVersion: string; readonly kind: string } | undefined {
  if (!isObject(value)) return undefined;
  const { apiVersion, kind } = value as { readonly apiVersion?: JsonValue; readonly kind?: JsonValue };
  const complete =
    typeof apiVersion === 'string' && typeof kind === 'string' && apiVersion !== '' && kind !== '';
  return complete ? { apiVersion, kind } : undefined;
}

/** True for kustomize's own file kinds, which are always read to learn which files are patches. */
export function isKustomization(apiVersion: string, kind: string): boolean {
  return (
    (kind === 'Kustomization' || kind === 'Component') && apiVersion.startsWith('kustomize.config.k8s.io/')
  );
}
