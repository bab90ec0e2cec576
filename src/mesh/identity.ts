import type { Resource } from '#documents/document.js';
import { isArray, isObject, objectAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compareText } from './creation-order.js';
import { getOrMake } from './lazy.js';
import { workloadKindOf } from './workload-kinds.js';

/** What one name can stand for only once in a cluster: group, kind, namespace and name; undefined without a name. */
export function identityOf(resource: Resource, namespace: string): string | undefined {
  return resource.name === ''
    ? undefined
    : `${resource.group}/${resource.kind}/${namespace}/${resource.name}`;
}

/** Groups of two and more that share an identity, in order of their first member; what has a name for itself costs no group. */
export function repeated<T>(
  items: readonly T[],
  identify: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const first = new Map<string, T>();
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const identity = identify(item);
    if (identity === undefined) continue;
    const before = first.get(identity);
    if (before === undefined) first.set(identity, item);
    else getOrMake(groups, identity, () => [before]).push(item);
  }
  const inOrder = [...first.keys()].flatMap((identity): readonly (readonly [string, readonly T[]])[] => {
    const group = groups.get(identity);
    return group === undefined ? [] : [[identity, group]];
  });
  return new Map(inOrder);
}

/** Metadata that the API server or a client writes and that changes nothing. */
const metadataNoise: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

const annotationNoise: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
]);

function without(object: JsonObject | undefined, noise: ReadonlySet<string>): JsonObject | undefined {
  const entries = Object.entries(object ?? {}).filter(
    ([key, value]) => !noise.has(key) && value !== undefined,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function canonical(value: JsonValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => compareText(a, b));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** A text that two resources share exactly when they say the same, whatever version they are written in. */
export function contentOf(resource: Resource): string {
  const metadata = without(objectAt(resource.object, 'metadata'), metadataNoise);
  const annotations = without(objectAt(metadata, 'annotations'), annotationNoise);
  const own = without(resource.object, new Set(['apiVersion', 'kind', 'metadata', 'status']));
  const kept = without(metadata, new Set(['annotations', 'namespace']));
  const content = canonical({ ...own, metadata: { ...kept, ...(annotations && { annotations }) } });
  return resource.patched === undefined ? content : `${content} patched by ${resource.patched.by}`;
}

/**
 * True for objects that one deployment brings along: a copy of one in another directory means another deployment,
 * even when both say the same. Namespaces, accounts and the like are often repeated without such meaning.
 */
export function isDeployed(resource: Resource): boolean {
  return workloadKindOf(resource) !== undefined || (resource.group === '' && resource.kind === 'Service');
}

const supportingKinds: ReadonlySet<string> = new Set([
  '/ServiceAccount',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'autoscaling/HorizontalPodAutoscaler',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
]);

/**
 * True for objects that stand beside what is deployed: different forms of one make no environment and leave no
 * decision of the mesh open, since releases of one tool are often kept side by side.
 */
export function isSupporting({ group, kind }: Resource): boolean {
  return supportingKinds.has(`${group}/${kind}`);
}
