import { objectAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import { stringMap } from '#mesh/string-map.js';
import { targetPortOf } from '#mesh/target-port.js';
import type { Mesh, ServicePort, Workload } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { CalledService } from './called-service.js';

/** A port of a workload's pods. */
export interface PodPort {
  readonly workload: Workload;
  readonly port: number;
}

function workloadsBehind(mesh: Mesh, { service, resource, served }: CalledService): readonly Workload[] {
  if (service !== undefined) return mesh.workloadsOf(service);
  const selector = objectAt(resource.object, 'spec', 'workloadSelector');
  const labels = stringMap(objectAt(selector, 'labels'));
  if (Object.keys(labels).length === 0) return [];
  const selectsPods = istiodFlag(mesh, 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', true);
  return mesh
    .workloadsMatching(served.namespace, labels)
    .filter(({ kind }) => selectsPods || kind === 'WorkloadEntry');
}

const found = new WeakMap<ServicePort, readonly PodPort[]>();

/** The pods of the input that a port of a Service or ServiceEntry leads to, each at its own port; looked for once. */
export function podsBehind(mesh: Mesh, called: CalledService, port: ServicePort): readonly PodPort[] {
  return getOrMake(found, port, () =>
    workloadsBehind(mesh, called).flatMap((workload): readonly PodPort[] => {
      const target = targetPortOf(port, workload);
      return target === undefined ? [] : [{ workload, port: target }];
    }),
  );
}
