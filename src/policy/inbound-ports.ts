import type { FieldRef } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, PortProtocol, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import type { Decision } from './decision.js';
import { istiodFlag } from './istiod-flag.js';
import type { Enrolment, InboundPort, InboundProtocol } from './policies.js';
import { isProxyContainer } from './proxy-container.js';
import { ingressListeners } from './sidecar-scope.js';
import type { IngressListener } from './sidecar-scope.js';

/** How an inbound listener treats a protocol (ModelProtocolToListenerProtocol in pilot/pkg/networking/networking.go). */
export function inboundProtocol(protocol: PortProtocol): InboundProtocol {
  switch (protocol) {
    case 'HTTP':
    case 'HTTP2':
    case 'HTTP_PROXY':
    case 'GRPC':
    case 'GRPC-Web':
      return 'HTTP';
    case 'TCP':
    case 'HTTPS':
    case 'TLS':
    case 'Mongo':
    case 'Redis':
    case 'MySQL':
      return 'TCP';
    default:
      return 'AUTO';
  }
}

interface Target {
  readonly service: Service;
  readonly port: ServicePort;
}

function serviceTargets(mesh: Mesh, workload: Workload): ReadonlyMap<number, readonly Target[]> {
  const targets = new Map<number, Target[]>();
  for (const service of mesh.servicesOf(workload)) {
    for (const port of service.ports) {
      if (port.protocol === 'UDP' || port.protocol === 'SCTP') continue;
      const number = targetPortOf(port, workload);
      if (number !== undefined) getOrMake(targets, number, () => []).push({ service, port });
    }
  }
  return targets;
}

function containerPorts(workload: Workload): ReadonlyMap<number, FieldRef> {
  const found = new Map<number, FieldRef>();
  for (const container of workload.containers) {
    if (isProxyContainer(container) || container.list === 'ephemeralContainers') continue;
    if (container.list === 'initContainers' && stringAt(container.spec, 'restartPolicy') !== 'Always')
      continue;
    for (const { number, path } of container.ports) {
      if (!found.has(number)) found.set(number, { resource: workload.resource, path });
    }
  }
  return found;
}

interface Sources {
  readonly services: ReadonlyMap<number, readonly Target[]>;
  readonly containers: ReadonlyMap<number, FieldRef>;
  readonly listeners: ReadonlyMap<number, IngressListener>;
  /** False when a Sidecar lists ingress listeners, which then replace those of Services. */
  readonly servicesListen: boolean;
}

function protocolOf(number: number, { services, listeners, servicesListen }: Sources): InboundProtocol {
  const listener = listeners.get(number);
  if (listener !== undefined) return inboundProtocol(listener.protocol);
  const target = servicesListen ? services.get(number)?.[0] : undefined;
  return target === undefined ? 'AUTO' : inboundProtocol(target.port.protocol);
}

function inboundPort(number: number, sources: Sources): InboundPort | undefined {
  const targets = sources.services.get(number) ?? [];
  const [first] = targets;
  const listener = sources.listeners.get(number);
  const byService = first && { resource: first.service.resource, path: first.port.path };
  const byListener = listener && { resource: listener.resource, path: listener.path };
  const at = byService ?? sources.containers.get(number) ?? byListener;
  const services = targets.map(({ service, port }) => ({ service, port: port.number }));
  return at && { number, protocol: protocolOf(number, sources), services, at };
}

/**
 * The ports of a workload that a Service targets, a container declares or a Sidecar listens on, ascending, with the
 * protocol the receiving proxy takes them for: the Sidecar's ingress listener, else that of the oldest Service (of
 * one age, the hostname that sorts first), else detected. With ingress listeners, Services decide nothing unless
 * istiod merges them (buildInboundChainConfigs in pilot/pkg/networking/core/listener_inbound.go, SetServiceTargets
 * in pilot/pkg/model/context.go).
 */
export function inboundPortsOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): readonly InboundPort[] {
  const plane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  const listening = plane === 'sidecar' ? ingressListeners(mesh, workload, enrolment) : [];
  const listeners = new Map<number, IngressListener>();
  for (const listener of listening) getOrMake(listeners, listener.port, () => listener);
  const merges = istiodFlag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', false);
  const sources: Sources = {
    services: serviceTargets(mesh, workload),
    containers: containerPorts(workload),
    listeners,
    servicesListen: listeners.size === 0 || merges,
  };
  const numbers = new Set([...sources.services.keys(), ...sources.containers.keys(), ...listeners.keys()]);
  const ports = [...numbers].sort((a, b) => a - b).map((number) => inboundPort(number, sources));
  return ports.filter((port) => port !== undefined);
}
