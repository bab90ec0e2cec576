import type { FieldRef, Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { sortByAge } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, PortProtocol, Service, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import type { Decision } from './decision.js';
import { discoveryOf } from './discovery.js';
import { entryTargets } from './entry-targets.js';
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

/** A port of a Service or ServiceEntry that a workload serves. */
interface Target {
  readonly number: number;
  readonly protocol: PortProtocol;
  readonly at: FieldRef;
  /** Undefined for a ServiceEntry. */
  readonly service: { readonly service: Service; readonly port: number } | undefined;
}

/** Targets with what they are sorted by. */
interface DatedTarget {
  readonly of: Resource;
  readonly host: string;
  readonly target: Target;
}

function ofServices(mesh: Mesh, workload: Workload): readonly DatedTarget[] {
  return mesh.servicesOf(workload).flatMap((service) =>
    service.ports.flatMap((port) => {
      if (port.protocol === 'UDP' || port.protocol === 'SCTP') return [];
      const number = targetPortOf(port, workload);
      if (number === undefined) return [];
      const at = { resource: service.resource, path: port.path };
      const target = { number, protocol: port.protocol, at, service: { service, port: port.number } };
      return [{ of: service.resource, host: service.host, target }];
    }),
  );
}

function ofEntries(mesh: Mesh, workload: Workload): readonly DatedTarget[] {
  return entryTargets(mesh, workload).map(({ entry, host, number, protocol, at }) => ({
    of: entry,
    host,
    target: { number, protocol, at, service: undefined },
  }));
}

/** What istiod knows to be served by a workload, by pod port: the oldest first, of one age the first by host name. */
function serviceTargets(mesh: Mesh, workload: Workload): ReadonlyMap<number, readonly Target[]> {
  const targets = new Map<number, Target[]>();
  if (discoveryOf(mesh, workload.namespace) === 'hidden') return targets;
  const [services, entries] = [ofServices(mesh, workload), ofEntries(mesh, workload)];
  const all =
    entries.length === 0
      ? services
      : sortByAge(
          [...services, ...entries],
          ({ of }) => of,
          ({ host }) => [host],
        );
  for (const { target } of all) getOrMake(targets, target.number, () => []).push(target);
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
  return target === undefined ? 'AUTO' : inboundProtocol(target.protocol);
}

function inboundPort(number: number, sources: Sources): InboundPort | undefined {
  const targets = sources.services.get(number) ?? [];
  const [first] = targets;
  const listener = sources.listeners.get(number);
  const byListener = listener && { resource: listener.resource, path: listener.path };
  const at = first?.at ?? sources.containers.get(number) ?? byListener;
  const services = targets.flatMap(({ service }) => service ?? []);
  return at && { number, protocol: protocolOf(number, sources), services, at };
}

const noListeners: ReadonlyMap<number, IngressListener> = new Map();

function listenersByPort(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): ReadonlyMap<number, IngressListener> {
  const listening = ingressListeners(mesh, workload, enrolment);
  if (listening.length === 0) return noListeners;
  const listeners = new Map<number, IngressListener>();
  for (const listener of listening) getOrMake(listeners, listener.port, () => listener);
  return listeners;
}

/**
 * The ports of a workload that a Service or ServiceEntry targets, a container declares or a Sidecar listens on, ascending, with the
 * protocol the receiving proxy takes them for: the Sidecar's ingress listener, else that of the oldest of those (of
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
  const listeners = plane === 'sidecar' ? listenersByPort(mesh, workload, enrolment) : noListeners;
  const merges = istiodFlag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', false);
  const sources: Sources = {
    services: serviceTargets(mesh, workload),
    containers: containerPorts(workload),
    listeners,
    servicesListen: listeners.size === 0 || merges,
  };
  const numbers = new Set(sources.services.keys());
  for (const number of sources.containers.keys()) numbers.add(number);
  for (const number of listeners.keys()) numbers.add(number);
  const ports: InboundPort[] = [];
  for (const number of numbers) {
    const port = inboundPort(number, sources);
    if (port !== undefined) ports.push(port);
  }
  return ports.sort((a, b) => a.number - b.number);
}
