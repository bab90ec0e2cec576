import type { Mesh, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { allNames, plainKind, readNamed, workloadsNamed } from './named.js';
import type { Misnamed, Named } from './named.js';

/** One place that traffic to a name ends up at. */
export interface Target {
  readonly workload: Workload;
  /** Port of the pod. */
  readonly port: number;
  /** The Service that leads there and the port dialled; undefined: the pod is dialled by its address. */
  readonly via: { readonly service: Service; readonly port: ServicePort } | undefined;
}

function misnamed(
  named: string,
  problem: string,
  hint?: string,
  candidates: readonly string[] = [],
): Misnamed {
  return { named, problem, hint, candidates };
}

const labelOf = ({ number, name }: ServicePort): string =>
  `${number}${name === undefined ? '' : ` (${name})`}`;

function servicePortOf(service: Service, port: string | undefined): ServicePort | undefined {
  const { ports } = service;
  if (port === undefined) return ports.length === 1 ? ports[0] : undefined;
  return ports.find(({ number, name }) => String(number) === port || name === port);
}

function throughService(mesh: Mesh, service: Service, port: ServicePort): readonly Target[] {
  return mesh.workloadsOf(service).flatMap((workload): readonly Target[] => {
    const target = targetPortOf(port, workload);
    return target === undefined ? [] : [{ workload, port: target, via: { service, port } }];
  });
}

function serviceTargets(mesh: Mesh, service: Service, { text, port }: Asked): readonly Target[] | Misnamed {
  const name = `Service ${service.namespace}/${service.name}`;
  if (service.type === 'ExternalName')
    return misnamed(
      text,
      `${name} is an ExternalName: it stands for ${service.externalName ?? 'another host'}`,
    );
  const found = servicePortOf(service, port);
  const ports = service.ports.map(labelOf).join(', ');
  if (found === undefined) {
    const problem = port === undefined ? `${name} has several ports` : `${name} has no port ${port}`;
    return misnamed(text, problem, `Its ports: ${ports === '' ? 'none' : ports}.`);
  }
  const targets = throughService(mesh, service, found);
  if (targets.length > 0) return targets;
  return misnamed(text, `${name} leads to no workload of the input at port ${labelOf(found)}`);
}

/** The oldest Service that leads to a port of a workload. */
function servedBy(policies: EffectivePolicies, workload: Workload, number: number): Target['via'] {
  const port = policies.inboundPorts(workload).find((each) => each.number === number);
  const [first] = port?.services ?? [];
  const servicePort = first?.service.ports.find((each) => each.number === first.port);
  return first === undefined || servicePort === undefined
    ? undefined
    : { service: first.service, port: servicePort };
}

function podPort(
  policies: EffectivePolicies,
  workload: Workload,
  port: string | undefined,
): number | undefined {
  if (port === undefined) {
    const [only, ...others] = policies.inboundPorts(workload);
    return others.length === 0 ? only?.number : undefined;
  }
  if (/^\d{1,5}$/.test(port)) return Number(port);
  const declared = workload.containers.flatMap(({ ports }) => ports);
  return declared.find(({ name }) => name === port)?.number;
}

function workloadTargets(
  policies: EffectivePolicies,
  workloads: readonly Workload[],
  { text, port }: Asked,
): readonly Target[] | Misnamed {
  const targets = workloads.flatMap((workload): readonly Target[] => {
    const number = podPort(policies, workload, port);
    return number === undefined
      ? []
      : [{ workload, port: number, via: servedBy(policies, workload, number) }];
  });
  if (targets.length > 0) return targets;
  const ports = workloads.flatMap((workload) => policies.inboundPorts(workload).map(({ number }) => number));
  const known = [...new Set(ports)].join(', ');
  const problem = port === undefined ? 'the port is not said' : `no container declares a port ${port}`;
  const hint = known === '' ? 'Write it behind a colon.' : `Write one behind a colon: ${known}.`;
  return misnamed(text, problem, hint);
}

interface Asked extends Pick<Named, 'port'> {
  readonly text: string;
}

/**
 * Where traffic to `namespace/name[:port]` ends up. A Service of the name that has the port comes first, since that is
 * what clients dial; else the workload of the name, at the port of its pods. A kind before the name settles it:
 * `ns/Service/api:80`, `ns/Deployment/api:8080`. Says what is wrong when there is no such place.
 */
export function resolveTarget(policies: EffectivePolicies, text: string): readonly Target[] | Misnamed {
  const { mesh } = policies;
  const named = readNamed(text);
  if (named === undefined) {
    const hint = 'Write namespace/service:port, or namespace/Kind/name:port for a port of the pod.';
    return misnamed(text, `"${text}" names no target`, hint);
  }
  const { namespace, name, kind, port } = named;
  const asked = { text, port };
  const isService = kind !== undefined && plainKind(kind) === 'service';
  const service =
    kind === undefined || isService
      ? mesh.services.find((each) => each.namespace === namespace && each.name === name)
      : undefined;
  const workloads = isService ? [] : workloadsNamed(mesh, named);
  const serves = service !== undefined && servicePortOf(service, port) !== undefined;
  if (service !== undefined && (serves || workloads.length === 0)) {
    const found = serviceTargets(mesh, service, asked);
    if (!('problem' in found) || workloads.length === 0) return found;
  }
  if (workloads.length > 0) return workloadTargets(policies, workloads, asked);
  const typed = `${namespace}/${name}`;
  return misnamed(typed, `the input holds no workload and no Service ${typed}`, undefined, allNames(mesh));
}
