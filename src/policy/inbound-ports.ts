import type { FieldRef, Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { sortByAge } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh, PortProtocol, Service, Workload } from '#mesh/mesh.js';
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

function ofServices(mesh: Mesh, workload: Workload): readonly Target[] {
  const found: Target[] = [];
  for (const service of mesh.servicesOf(workload)) {
    const { resource, ports } = service;
    for (const port of ports) {
      if (port.protocol === 'UDP' || port.protocol === 'SCTP') continue;
      const number = targetPortOf(port, workload);
      if (number === undefined) continue;
      const at = { resource, path: port.path };
      found.push({ number, protocol: port.protocol, at, service: { service, port: port.number } });
    }
  }
  return found;
}

/** What istiod knows to be served by a workload: the oldest first, of one age the first by host name. */
function serviceTargets(mesh: Mesh, workload: Workload): readonly Target[] {
  if (discoveryOf(mesh, workload.namespace) === 'hidden') return [];
  const [services, entries] = [ofServices(mesh, workload), entryTargets(mesh, workload)];
  // Services stand in that order already.
  if (entries.length === 0) return services;
  const dated = [
    ...services.map((target) => ({ target, host: target.service?.service.host ?? '' })),
    ...entries.map(({ host, number, protocol, at }) => {
      return { target: { number, protocol, at, service: undefined }, host };
    }),
  ];
  const sorted = sortByAge(
    dated,
    ({ target }) => target.at.resource,
    ({ host }) => [host],
  );
  return sorted.map(({ target }) => target);
}

/** A port that a container declares; the first of its number is the one to point at. */
type DeclaredPort = Container['ports'][number];

function containerPorts({ containers }: Workload): readonly DeclaredPort[] {
  const found: DeclaredPort[] = [];
  for (const { name, list, spec, ports } of containers) {
    if (ports.length === 0 || isProxyContainer({ name }) || list === 'ephemeralContainers') continue;
    if (list === 'initContainers' && stringAt(spec, 'restartPolicy') !== 'Always') continue;
    for (const port of ports) found.push(port);
  }
  return found;
}

/** Most workloads have two or three: those are looked through, many are indexed. */
const few = 8;

/** Ports in order, by number where they are many. */
interface Numbered<T> {
  readonly all: readonly T[];
  readonly index: ReadonlyMap<number, readonly T[]> | undefined;
}

function byNumber<T extends { readonly number: number }>(all: readonly T[]): Numbered<T> {
  if (all.length <= few) return { all, index: undefined };
  const index = new Map<number, T[]>();
  for (const one of all) getOrMake(index, one.number, () => []).push(one);
  return { all, index };
}

/** Those with a number, in order. */
function withNumber<T extends { readonly number: number }>(
  { all, index }: Numbered<T>,
  number: number,
): readonly T[] {
  if (index !== undefined) return index.get(number) ?? [];
  const found: T[] = [];
  for (const one of all) if (one.number === number) found.push(one);
  return found;
}

interface Sources {
  readonly resource: Resource;
  readonly services: Numbered<Target>;
  readonly containers: Numbered<DeclaredPort>;
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

const noServices: InboundPort['services'] = [];

function servicesOf(targets: readonly Target[]): InboundPort['services'] {
  return targets.length === 0
    ? noServices
    : targets.map(({ service }) => service).filter((service) => service !== undefined);
}

/** Where a port is declared: by what targets it, by a container, or by a Sidecar that listens on it. */
function placeOf(first: Target | undefined, number: number, sources: Sources): FieldRef | undefined {
  if (first !== undefined) return first.at;
  const [declared] = withNumber(sources.containers, number);
  if (declared !== undefined) return { resource: sources.resource, path: declared.path };
  const listener = sources.listeners.get(number);
  return listener && { resource: listener.resource, path: listener.path };
}

function inboundPort(number: number, sources: Sources): InboundPort | undefined {
  const targets = withNumber(sources.services, number);
  const [first] = targets;
  const at = placeOf(first, number, sources);
  const protocol = protocolOf(first, sources.listeners.get(number), sources.servicesListen);
  return at && { number, protocol, services: servicesOf(targets), at };
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
    resource: workload.resource,
    services: byNumber(services),
    containers: byNumber(containers),
    listeners,
    servicesListen:
      listeners.size === 0 || istiodFlag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', false),
  };
  const numbers = new Set<number>(listeners.keys());
  for (const { number } of services) numbers.add(number);
  for (const { number } of containers) numbers.add(number);
  const found: InboundPort[] = [];
  for (const number of Array.from(numbers).sort((a, b) => a - b)) {
    const port = inboundPort(number, sources);
    if (port !== undefined) found.push(port);
  }
  return found;
}
