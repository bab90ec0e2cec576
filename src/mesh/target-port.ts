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

/** The number of the first port of that name in one list of containers; of init containers, native sidecars serve. */
function declaredPort(
  { containers }: Workload,
  name: string,
  list: 'containers' | 'initContainers',
): number | undefined {
  for (const container of containers) {
    if (container.list !== list || container.ports.length === 0) continue;
    if (list === 'initContainers' && container.spec['restartPolicy'] !== 'Always') continue;
    const found = container.ports.find((port) => port.name === name);
    if (found !== undefined) return found.number;
  }
  return undefined;
}

/**
 * The workload's port that a Service port leads to: the target port's number, or the number of the container port of
 * that name (native sidecars included); undefined when no container declares the name (FindPort in
 * pilot/pkg/serviceregistry/kube/controller/util.go, serviceInstanceFromWorkloadInstance in its controller.go).
 */
export function targetPortOf(port: ServicePort, workload: Workload): number | undefined {
  if (workload.kind === 'WorkloadEntry' || workload.kind === 'WorkloadGroup')
    return virtualMachinePort(port, workload);
  const { targetPort } = port;
  if (typeof targetPort !== 'string') return targetPort ?? port.number;
  return (
    declaredPort(workload, targetPort, 'containers') ?? declaredPort(workload, targetPort, 'initContainers')
  );
}
