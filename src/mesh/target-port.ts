import { objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { ServicePort, Workload } from './mesh.js';

function portMap(workload: Workload): JsonObject {
  return objectAt(workload.resource.object, ...workload.podPath, 'ports') ?? {};
}

function mappedPort(workload: Workload, name: string | undefined): number | undefined {
  const ports = portMap(workload);
  const mapped = name !== undefined && Object.hasOwn(ports, name) ? ports[name] : undefined;
  return typeof mapped === 'number' && mapped !== 0 ? mapped : undefined;
}

/** A named target port in the `ports` of a WorkloadEntry or WorkloadGroup; a port's own name counts when none is given. */
function virtualMachinePort(port: ServicePort, workload: Workload): number | undefined {
  if (typeof port.targetPort === 'string') return mappedPort(workload, port.targetPort);
  return (
    mappedPort(workload, port.targetPort === undefined ? port.name : undefined) ??
    port.targetPort ??
    port.number
  );
}

function isServing({ list, spec }: Workload['containers'][number]): boolean {
  return list === 'containers' || (list === 'initContainers' && spec['restartPolicy'] === 'Always');
}

/**
 * The workload's port that a Service port leads to: the target port's number, or the number of the container port of
 * that name (native sidecars included); undefined when no container declares the name (FindPort in
 * pilot/pkg/serviceregistry/kube/controller/util.go, serviceInstanceFromWorkloadInstance in its controller.go).
 */
export function targetPortOf(port: ServicePort, workload: Workload): number | undefined {
  if (workload.kind === 'WorkloadEntry' || workload.kind === 'WorkloadGroup')
    return virtualMachinePort(port, workload);
  if (typeof port.targetPort !== 'string') return port.targetPort ?? port.number;
  const serving = workload.containers.filter(isServing);
  const inOrder = [
    ...serving.filter(({ list }) => list === 'containers'),
    ...serving.filter(({ list }) => list !== 'containers'),
  ];
  return inOrder.flatMap(({ ports }) => ports).find(({ name }) => name === port.targetPort)?.number;
}
