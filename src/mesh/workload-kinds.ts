import type { Resource } from '#documents/document.js';
import type { WorkloadKind } from './mesh.js';

/** API groups each kind is or was served under; the old ones still stand in many files. */
const groupsOfKind: Readonly<Record<WorkloadKind, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  ReplicaSet: ['apps', 'extensions'],
  ReplicationController: [''],
  DeploymentConfig: ['apps.openshift.io', ''],
  Job: ['batch'],
  CronJob: ['batch'],
  Rollout: ['argoproj.io'],
  Pod: [''],
  WorkloadEntry: ['networking.istio.io'],
  WorkloadGroup: ['networking.istio.io'],
};

function isWorkloadKind(kind: string): kind is WorkloadKind {
  return Object.hasOwn(groupsOfKind, kind);
}

/** The workload kind of a kind in an API group; undefined for everything that runs no pods we judge. */
export function workloadKind(group: string, kind: string): WorkloadKind | undefined {
  return isWorkloadKind(kind) && groupsOfKind[kind].includes(group) ? kind : undefined;
}

/** The workload kind of a resource; undefined for everything that runs no pods we judge. */
export function workloadKindOf(resource: Resource): WorkloadKind | undefined {
  return workloadKind(resource.group, resource.kind);
}
