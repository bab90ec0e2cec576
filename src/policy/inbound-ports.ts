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
  const found: DatedTarget[] = [];
  mesh.servicesOf(workload).forEach((service) => {
    const { resource, host, ports } = service;
    ports.forEach((port) => {
      if (port.protocol === 'UDP' || port.protocol === 'SCTP') return;
      const number = targetPortOf(port, workload);
      if (number === undefined) return;
      const at = { resource, path: port.path };
      const target = { number, protocol: port.protocol, at, service: { service, port: port.number } };
      found.push({ of: resource, host, target });
    });
  });
  return found;
}

function ofEntries(mesh: Mesh, workload: Workload): readonly DatedTarget[] {
  return entryTargets(mesh, workload).map(({ entry, host, number, protocol, at }) => ({
    of: entry,
    host,
    target: { number, protocol, at, service: undefined },
  }));
}

/** What istiod knows to be served by a workload: the oldest first, of one age the first by host name. */
function serviceTargets(mesh: Mesh, workload: Workload): readonly Target[] {
  if (discoveryOf(mesh, workload.namespace) === 'hidden') return [];
  const [services, entries] = [ofServices(mesh, workload), ofEntries(mesh, workload)];
  const all =
    entries.length === 0
      ? services
      : sortByAge(
          [...services, ...entries],
          ({ of }) => of,
          ({ host }) => [host],
        );
  return all.map(({ target }) => target);
}

/** A port that a container declares; the first of its number is the one to point at. */
interface DeclaredPort {
  readonly number: number;
  readonly at: FieldRef;
}

function containerPorts({ containers, resource }: Workload): readonly DeclaredPort[] {
  const found: DeclaredPort[] = [];
  containers.forEach(({ name, list, spec, ports }) => {
    if (ports.length === 0 || isProxyContainer({ name }) || list === 'ephemeralContainers') return;
    if (list === 'initContainers' && stringAt(spec, 'restartPolicy') !== 'Always') return;
    ports.forEach(({ number, path }) => {
      found.push({ number, at: { resource, path } });
    });
  });
  return found;
}

/** Most workloads have two or three: those are looked through, many are indexed. */
const few = 8;

/** Finds those with a number, in order. */
function byNumber<T extends { readonly number: number }>(
  all: readonly T[],
): (number: number) => readonly T[] {
  if (all.length <= few) return (wanted) => all.filter(({ number }) => number === wanted);
  const index = new Map<number, T[]>();
  for (const one of all) getOrMake(index, one.number, () => []).push(one);
  return (wanted) => index.get(wanted) ?? [];
}

interface Sources {
  readonly services: (number: number) => readonly Target[];
  readonly containers: (number: number) => readonly DeclaredPort[];
  readonly listeners: ReadonlyMap<number, IngressListener>;
  /** False when a Sidecar lists ingress listeners, which then replace those of Services. */
  readonly servicesListen: boolean;
}

function protocolOf(
  first: Target | undefined,
  listener: IngressListener | undefined,
  servicesListen: boolean,
): InboundProtocol {
  if (listener !== undefined) return inboundProtocol(listener.protocol);
  return servicesListen && first !== undefined ? inboundProtocol(first.protocol) : 'AUTO';
}

function inboundPort(number: number, sources: Sources): InboundPort | undefined {
  const targets = sources.services(number);
  const [first] = targets;
  const listener = sources.listeners.get(number);
  const byListener = listener && { resource: listener.resource, path: listener.path };
  const at = first?.at ?? sources.containers(number)[0]?.at ?? byListener;
  const services = targets.map(({ service }) => service).filter((service) => service !== undefined);
  return at && { number, protocol: protocolOf(first, listener, sources.servicesListen), services, at };
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
  const [services, containers] = [serviceTargets(mesh, workload), containerPorts(workload)];
  const sources: Sources = {
    services: byNumber(services),
    containers: byNumber(containers),
    listeners,
    servicesListen:
      listeners.size === 0 || istiodFlag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', false),
  };
  const numbers = new Set<number>(listeners.keys());
  for (const { number } of services) numbers.add(number);
  for (const { number } of containers) numbers.add(number);
  return Array.from(numbers)
    .sort((a, b) => a - b)
    .map((number) => inboundPort(number, sources))
    .filter((port) => port !== undefined);
}
