import type { Kustomization, KustomizeLabels, Resource } from '#documents/document.js';
import { isObject, objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { podPathOf } from './pod-template.js';
import { workloadKindOf } from './workload-kinds.js';

type Pairs = KustomizeLabels['pairs'];

/** Kinds that kustomize does not know as holders of pod templates. */
const custom: ReadonlySet<string> = new Set([
  'WorkloadEntry',
  'WorkloadGroup',
  'Rollout',
  'DeploymentConfig',
]);

/** The object with labels put into the mapping at a path, which is made where it is missing. */
function put(object: JsonObject, path: readonly string[], pairs: Pairs): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return { ...object, ...pairs };
  const inner = object[step];
  return { ...object, [step]: put(isObject(inner) ? inner : {}, rest, pairs) };
}

function selectorPath({ group, kind }: Resource): readonly string[] | undefined {
  if (group === '' && (kind === 'Service' || kind === 'ReplicationController')) return ['spec', 'selector'];
  return undefined;
}

function withPairs(resource: Resource, { pairs, templates, selectors }: KustomizeLabels): JsonObject {
  const kind = workloadKindOf(resource);
  let object = put(resource.object, ['metadata', 'labels'], pairs);
  const pod = kind === undefined || custom.has(kind) ? [] : podPathOf(kind).map(String);
  if (templates && pod.length > 0) object = put(object, [...pod, 'metadata', 'labels'], pairs);
  const selector = selectors ? selectorPath(resource) : undefined;
  const matched =
    selectors && pod.length > 0 && objectAt(object, 'spec', 'selector', 'matchLabels') !== undefined;
  if (matched) object = put(object, ['spec', 'selector', 'matchLabels'], pairs);
  if (selector !== undefined && Object.keys(objectAt(object, ...selector) ?? {}).length > 0)
    object = put(object, selector, pairs);
  return object;
}

/** The object of a resource with the labels that a kustomization puts on it (kustomize's `commonLabels` and `labels`). */
export function withLabels(resource: Resource, { labels = [] }: Kustomization): JsonObject {
  return labels.reduce((object, each) => withPairs({ ...resource, object }, each), resource.object);
}
