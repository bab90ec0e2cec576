import type { JsonObject } from '#documents/json.js';
import { storedObjects } from '../cluster/objects.js';

/** A mesh as it is sent to an API server. */
export const mesh: readonly JsonObject[] = storedObjects('fixtures/meshes/bookinfo/insecure').map(unstored);

function unstored(object: JsonObject): JsonObject {
  const { name, namespace, labels, annotations } = object['metadata'] as Readonly<Record<string, JsonObject>>;
  const own = Object.entries(annotations ?? {}).filter(
    ([key]) => !key.endsWith('last-applied-configuration'),
  );
  return { ...object, metadata: { name, namespace, labels, annotations: Object.fromEntries(own) } };
}

/** More policies than come in twenty pages, as the API server stores them. */
export const manyPolicies: readonly JsonObject[] = Array.from({ length: 10_400 }, (_, index) => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: {
    name: `policy-${String(index).padStart(6, '0')}`,
    namespace: `many-${String(index % 20)}`,
    uid: `10000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 1,
  },
  spec: {
    action: 'DENY',
    selector: { matchLabels: { app: `app-${String(index)}` } },
    rules: [{ to: [{ operation: { paths: ['/admin*'] } }] }],
  },
}));
