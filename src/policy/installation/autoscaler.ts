import type { Resource } from '#documents/document.js';
import { stringAt, valueAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** The least number of pods that a HorizontalPodAutoscaler keeps of a workload; undefined: none of the input scales it. */
export function leastReplicas(mesh: Mesh, workload: Resource): number | undefined {
  const namespace = mesh.namespaceOf(workload);
  const autoscaler = mesh
    .inNamespace('autoscaling', 'HorizontalPodAutoscaler', namespace)
    .find(
      ({ object }) =>
        stringAt(object, 'spec', 'scaleTargetRef', 'kind') === workload.kind &&
        stringAt(object, 'spec', 'scaleTargetRef', 'name') === workload.name,
    );
  if (autoscaler === undefined) return undefined;
  const least = valueAt(autoscaler.object, ['spec', 'minReplicas']);
  return typeof least === 'number' ? least : 1;
}
