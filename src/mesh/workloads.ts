import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { compareText, inCreationOrder } from './creation-order.js';
import { getOrMake } from './lazy.js';
import type { Workload, WorkloadKind } from './mesh.js';
import { controllerKey, makerOf, ownerOf, rootController } from './owners.js';
import type { Controllers } from './owners.js';
import { podPathOf, readPodTemplate, readWorkloadEntry, readWorkloadGroup } from './pod-template.js';
import type { PodTemplate } from './pod-template.js';
import { workloadKindOf } from './workload-kinds.js';

/** What is known of a workload before its template is read. */
interface Draft {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string;
  readonly resource: Resource;
  readonly pods: readonly Resource[];
}

/** The workloads of a mesh, and the Rollouts whose template the input does not hold. */
export interface Workloads {
  readonly workloads: readonly Workload[];
  readonly withoutTemplate: readonly Resource[];
}

function namespaceOf(resource: Resource): string {
  return resource.namespace ?? 'default';
}

function indexControllers(resources: readonly Resource[]): Controllers {
  const controllers = new Map<string, Resource>();
  for (const resource of resources) {
    const kind = workloadKindOf(resource);
    if (kind === undefined || kind === 'Pod') continue;
    getOrMake(controllers, controllerKey(kind, namespaceOf(resource), resource.name), () => resource);
  }
  return controllers;
}

/** Pods gathered under the controller they belong to, or under an owner that the input does not hold. */
interface PodGroups {
  readonly byController: ReadonlyMap<Resource, readonly Resource[]>;
  readonly orphans: readonly Draft[];
}

function orphanDraft(pods: readonly Resource[]): Draft | undefined {
  const [first] = inCreationOrder(pods);
  if (first === undefined) return undefined;
  const owner = ownerOf(first);
  const grouped = owner?.kind !== undefined;
  return {
    kind: owner?.kind ?? 'Pod',
    name: grouped ? owner.name : first.name,
    namespace: namespaceOf(first),
    resource: first,
    pods,
  };
}

function groupPods(pods: readonly Resource[], controllers: Controllers): PodGroups {
  const byController = new Map<Resource, Resource[]>();
  const orphans = new Map<string | Resource, Resource[]>();
  for (const pod of pods) {
    const owner = ownerOf(pod);
    const root = rootController(pod, controllers);
    const controller = root !== pod ? root : owner && makerOf(owner, pod, controllers);
    if (controller !== undefined) getOrMake(byController, controller, () => []).push(pod);
    else {
      const group = owner?.kind === undefined ? pod : controllerKey(owner.kind, namespaceOf(pod), owner.name);
      getOrMake(orphans, group, () => []).push(pod);
    }
  }
  const drafts = [...orphans.values()].map((members) => orphanDraft(members));
  return { byController, orphans: drafts.filter((draft) => draft !== undefined) };
}

function templateOf(draft: Draft): PodTemplate {
  const { resource } = draft;
  const kind = workloadKindOf(resource) ?? 'Pod';
  if (kind === 'WorkloadEntry') return readWorkloadEntry(resource);
  if (kind === 'WorkloadGroup') return readWorkloadGroup(resource);
  return readPodTemplate(resource, podPathOf(kind));
}

/** The Deployment whose template a Rollout borrows through `spec.workloadRef`; the Rollout itself when it has its own. */
function templateResource(resource: Resource, controllers: Controllers): Resource | undefined {
  const name = stringAt(resource.object, 'spec', 'workloadRef', 'name');
  if (workloadKindOf(resource) !== 'Rollout' || name === undefined) return resource;
  const kind = stringAt(resource.object, 'spec', 'workloadRef', 'kind');
  if (kind !== 'Deployment' && kind !== 'ReplicaSet') return undefined;
  return controllers.get(controllerKey(kind, namespaceOf(resource), name));
}

/** What tells a workload apart in its mesh. */
type Numbered = Pick<Workload, 'id' | 'ordinal'>;

function toWorkload(draft: Draft, { id, ordinal }: Numbered, trustDomain: string): Workload {
  const template = templateOf(draft);
  const { kind, name, namespace, resource, pods } = draft;
  const principal = `${trustDomain}/ns/${namespace}/sa/${template.serviceAccount}`;
  return { id, ordinal, kind, name, namespace, resource, principal, pods, ...template };
}

function numbered(drafts: readonly Draft[], trustDomain: string): readonly Workload[] {
  const seen = new Map<string, number>();
  const named = drafts.map((draft) => {
    const id = `${draft.namespace}/${draft.kind}/${draft.name}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return { draft, id: count === 1 ? id : `${id}#${String(count)}` };
  });
  return named
    .sort((a, b) => compareText(a.id, b.id))
    .map(({ draft, id }, ordinal) => toWorkload(draft, { id, ordinal }, trustDomain));
}

/**
 * Finds the workloads among the resources: controllers, pods that no controller of the input owns, WorkloadEntry and
 * WorkloadGroup. What a present controller owns (a Deployment's ReplicaSets, a CronJob's Jobs) is not one. Sorted
 * by id; a contested name gives one workload for each variant, the later ones with `#2` … in their id.
 */
export function readWorkloads(resources: readonly Resource[], trustDomain: string): Workloads {
  const controllers = indexControllers(resources);
  const pods = groupPods(
    resources.filter((resource) => workloadKindOf(resource) === 'Pod'),
    controllers,
  );
  const drafts: Draft[] = [...pods.orphans];
  const withoutTemplate: Resource[] = [];
  for (const resource of resources) {
    const kind = workloadKindOf(resource);
    if (kind === undefined || kind === 'Pod' || rootController(resource, controllers) !== resource) continue;
    const holder = templateResource(resource, controllers);
    if (holder === undefined) withoutTemplate.push(resource);
    else {
      const { name } = resource;
      const members = pods.byController.get(resource) ?? [];
      drafts.push({ kind, name, namespace: namespaceOf(resource), resource: holder, pods: members });
    }
  }
  return { workloads: numbered(drafts, trustDomain), withoutTemplate };
}
