import type { FieldPath, Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';

/** What may have a waypoint: a Service, the pods of a workload, or a ServiceEntry (given as it stands). */
export type WaypointUser = Service | Workload | Resource;

/** A user of waypoints, as the labels that ask for one are read. */
export interface BindingSubject {
  readonly kind: 'Service' | 'ServiceEntry' | 'Workload';
  readonly namespace: string;
  readonly resource: Resource;
  readonly labels: StringMap;
  /** Where the labels stand. */
  readonly path: FieldPath;
  /** True for a Service that only stands for another name: ambient mode does not know it. */
  readonly isAlias: boolean;
}

const metadataLabels: FieldPath = ['metadata', 'labels'];

function ofObject(
  kind: 'Service' | 'ServiceEntry' | 'Workload',
  resource: Resource,
): Omit<BindingSubject, 'namespace'> {
  const labels = stringMap(objectAt(resource.object, 'metadata', 'labels'));
  return { kind, resource, labels, path: metadataLabels, isAlias: false };
}

/** Reads the labels of a user; of a WorkloadEntry only those of the object itself count (workloadEntryWorkloadBuilder in workloads.go). */
export function bindingSubject(mesh: Mesh, user: WaypointUser): BindingSubject {
  if ('podPath' in user) {
    const { namespace, resource, podPath, labels, kind } = user;
    if (kind === 'WorkloadEntry') return { ...ofObject('Workload', resource), namespace };
    const path = [...podPath, ...metadataLabels];
    return { kind: 'Workload', namespace, resource, labels, path, isAlias: false };
  }
  if ('headless' in user) {
    const isAlias = user.type === 'ExternalName';
    return { ...ofObject('Service', user.resource), namespace: user.namespace, isAlias };
  }
  return { ...ofObject('ServiceEntry', user), namespace: mesh.namespaceOf(user) };
}
