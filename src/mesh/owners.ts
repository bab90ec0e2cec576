import type { Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { WorkloadKind } from './mesh.js';
import { containsAll, stringMap } from './string-map.js';
import { workloadKind, workloadKindOf } from './workload-kinds.js';

/** The controller that an ownerReference names; `kind` is undefined when it is none of ours. */
export interface Owner {
  readonly kind: WorkloadKind | undefined;
  readonly name: string;
}

/** Controllers of the input by kind, namespace and name. */
export type Controllers = ReadonlyMap<string, Resource>;

/** The key of a controller in `Controllers`. */
export function controllerKey(kind: WorkloadKind, namespace: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The controlling owner of an object, or undefined when nothing controls it. */
export function ownerOf(resource: Resource): Owner | undefined {
  const references = listAt(resource.object, 'metadata', 'ownerReferences').filter(isObject);
  const reference: JsonObject | undefined = references.find((each) => each['controller'] === true);
  const name = stringAt(reference, 'name');
  if (name === undefined) return undefined;
  const group = groupOf(stringAt(reference, 'apiVersion') ?? '');
  return { kind: workloadKind(group, stringAt(reference, 'kind') ?? ''), name };
}

/** Kinds that make owners of their own whose names end in a generated part. */
const makers: Partial<Record<WorkloadKind, readonly WorkloadKind[]>> = {
  ReplicaSet: ['Deployment', 'Rollout'],
  ReplicationController: ['DeploymentConfig'],
  Job: ['CronJob'],
};

function selectsPod(controller: Resource, pod: Resource): boolean {
  const selector = objectAt(controller.object, 'spec', 'selector', 'matchLabels');
  if (selector === undefined) return workloadKindOf(controller) === 'CronJob';
  return containsAll(stringMap(objectAt(pod.object, 'metadata', 'labels')), stringMap(selector));
}

/**
 * The controller behind an owner that is not in the input itself: ReplicaSets and Jobs are often left out of
 * dumps, and their names are the controller's with one generated part. A selector that does not fit rules it out.
 */
export function makerOf(owner: Owner, pod: Resource, controllers: Controllers): Resource | undefined {
  const dash = owner.name.lastIndexOf('-');
  if (owner.kind === undefined || dash <= 0) return undefined;
  const name = owner.name.slice(0, dash);
  for (const kind of makers[owner.kind] ?? []) {
    const maker = controllers.get(controllerKey(kind, pod.namespace ?? 'default', name));
    if (maker !== undefined && selectsPod(maker, pod)) return maker;
  }
  return undefined;
}

/** Follows ownerReferences upwards as far as the input goes; bounded, since hostile input may close a circle. */
export function rootController(resource: Resource, controllers: Controllers): Resource {
  let current = resource;
  for (let steps = 0; steps < 4; steps += 1) {
    const owner = ownerOf(current);
    if (owner?.kind === undefined) return current;
    const next = controllers.get(controllerKey(owner.kind, current.namespace ?? 'default', owner.name));
    if (next === undefined || next === resource) return current;
    current = next;
  }
  return current;
}
