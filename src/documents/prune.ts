import { isObject, type JsonObject, type JsonValue } from './json.js';
import { splitApiVersion } from './kubernetes-names.js';
import { mapEntries } from './set-entry.js';

/** Annotations that repeat a whole object, a Secret's values included. */
const echoes = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/** Parts of `status` that decisions read, by `group/kind`; other kinds of these groups lose their status. */
const statusFields = new Map<string, readonly string[]>([
  ['/Pod', ['phase', 'podIP', 'podIPs', 'hostIP']],
  ['/Service', ['loadBalancer']],
  ['/Namespace', ['phase']],
  ['networking.k8s.io/Ingress', ['loadBalancer']],
]);

/** Which fields of `status` stay: all of them, or the ones named. */
export function keptStatus(apiVersion: string, kind: string): 'all' | readonly string[] {
  const { group } = splitApiVersion(apiVersion);
  if (group.endsWith('istio.io') || group === 'gateway.networking.k8s.io') return 'all';
  return statusFields.get(`${group}/${kind}`) ?? [];
}

/** True for annotations that are cut. */
export function isEchoAnnotation(key: string): boolean {
  return echoes.has(key);
}

/**
 * An object without what no decision reads: managedFields, most of status, the last-applied annotation. A Secret keeps
 * the keys of its data and none of the values.
 */
export function prune(
  object: JsonObject,
  type: { readonly apiVersion: string; readonly kind: string },
): JsonObject {
  const secret = isSecret(type);
  const pruned = mapEntries(object, (key, value) => {
    if (key === 'metadata' && isObject(value)) return pruneMetadata(value);
    if (key === 'status') return pruneStatus(value, keptStatus(type.apiVersion, type.kind));
    if (secret && (key === 'data' || key === 'stringData')) return hideValues(value);
    return value;
  });
  return secret ? detached(pruned) : pruned;
}

/** True for the kind whose values are never kept. */
export function isSecret(type: { readonly apiVersion: string; readonly kind: string }): boolean {
  return type.kind === 'Secret' && type.apiVersion === 'v1';
}

function pruneMetadata(metadata: JsonObject): JsonObject {
  return mapEntries(metadata, (key, value) => {
    if (key === 'managedFields') return undefined;
    if (key !== 'annotations' || !isObject(value)) return value;
    return mapEntries(value, (name, text) => (isEchoAnnotation(name) ? undefined : text));
  });
}

function pruneStatus(status: JsonValue, kept: 'all' | readonly string[]): JsonValue | undefined {
  if (kept === 'all') return status;
  if (kept.length === 0 || !isObject(status)) return undefined;
  return mapEntries(status, (key, value) => (kept.includes(key) ? value : undefined));
}

function hideValues(data: JsonValue): JsonValue {
  return isObject(data) ? mapEntries(data, () => null) : null;
}

/** A copy that shares no memory with the text it was read from: strings may be windows into a larger one. */
function detached(object: JsonObject): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(object));
  return copy as JsonObject;
}
