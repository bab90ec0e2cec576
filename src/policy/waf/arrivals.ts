import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { Mesh, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { isAny, isIp, isLoopback, parseAddress } from './address.js';
import type { Address } from './address.js';

/** Pods, and the port of theirs (or the socket), that a call arrives at. */
export interface Arrival {
  readonly workload: Workload;
  /** Undefined: the Service's target port has a name that no container declares. */
  readonly port: number | undefined;
  readonly socket: string | undefined;
  /** True when it comes from inside of the same pod. */
  readonly ownPod: boolean;
  /** The Service that leads there. */
  readonly service: Service | undefined;
  readonly servicePort: ServicePort | undefined;
}

/** Where a call goes; no arrivals: to nothing that the input holds, and it holds all there is. */
export type Arrivals = Decision<readonly Arrival[]>;

function none(what: string, scope: Mesh['scope']): Arrivals {
  return scope === 'complete' ? known([], 'default') : unknown([{ key: 'service', text: what }]);
}

/** The pods behind a port of a Service. */
export function behindService(mesh: Mesh, service: Service, port: number): Arrivals {
  const at: FieldRef = { resource: service.resource, path: ['spec', 'ports'] };
  const servicePort = service.ports.find(({ number }) => number === port);
  // A headless Service's name leads to the pods themselves, whatever ports it lists.
  if (servicePort === undefined && !service.headless) return known([], at);
  const workloads = mesh.workloadsOf(service);
  if (workloads.length === 0)
    return none(`pods of Service ${service.name} in namespace ${service.namespace}`, mesh.scope);
  const arrivals = workloads.map((workload): Arrival => {
    const target = servicePort === undefined || service.headless ? port : targetPortOf(servicePort, workload);
    return { workload, port: target, socket: undefined, ownPod: false, service, servicePort };
  });
  return known(arrivals, at);
}

/** The Service that a host name stands for in a pod of a namespace, by the search list of its resolv.conf. */
export function serviceOf(mesh: Mesh, host: string, namespace: string): Service | undefined {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  const { domainSuffix } = mesh.settings;
  const forms = [
    name,
    `${name}.${namespace}.svc.${domainSuffix}`,
    `${name}.svc.${domainSuffix}`,
    `${name}.${domainSuffix}`,
  ];
  return forms.map((form) => mesh.serviceByHost(form)).find((found) => found !== undefined);
}

function byClusterIp(mesh: Mesh, address: string): Service | undefined {
  return mesh.services.find(({ resource }) => stringAt(resource.object, 'spec', 'clusterIP') === address);
}

function inOwnPod(workload: Workload, { port, socket }: Address): Arrivals {
  const arrival = { workload, port, socket, ownPod: true, service: undefined, servicePort: undefined };
  return known([arrival], 'default');
}

function looksLikeService(host: string): boolean {
  return !host.includes('.') || /\.svc(?:\.|$)/.test(host) || /\.local\.?$/.test(host);
}

/** Where a call to an address arrives that a pod of the workload makes. */
export function arrivalsAt(mesh: Mesh, caller: Workload, address: Address): Arrivals {
  const { host, port, socket } = address;
  if (socket !== undefined || host === undefined || isLoopback(host) || isAny(host))
    return inOwnPod(caller, address);
  const service = isIp(host) ? byClusterIp(mesh, host) : serviceOf(mesh, host, caller.namespace);
  if (service?.type === 'ExternalName')
    return unknown([{ key: 'service', text: `what answers at ${service.externalName ?? host}` }]);
  if (service !== undefined && port !== undefined) return behindService(mesh, service, port);
  if (isIp(host) || !looksLikeService(host))
    return unknown([{ key: 'service', text: `what answers at ${host}` }]);
  return none(`Service ${host}`, mesh.scope);
}

/** The ServiceEntry that names a host. */
export function entryOf(mesh: Mesh, host: string): Resource | undefined {
  return mesh
    .ofKind('networking.istio.io', 'ServiceEntry')
    .find(({ object }) => stringsAt(object, 'spec', 'hosts').includes(host));
}

/** The pods behind a port of a ServiceEntry's host: its endpoints' addresses, seen from the caller's pod. */
function behindEntry(mesh: Mesh, caller: Workload, entry: Resource, port: number): Arrivals {
  const ports = listAt(entry.object, 'spec', 'ports');
  const own = ports.find((one) => valueAt(one, ['number']) === port);
  if (own === undefined) return known([], { resource: entry, path: ['spec', 'ports'] });
  const target = valueAt(own, ['targetPort']);
  const name = stringAt(own, 'name') ?? '';
  const called = typeof target === 'number' ? target : port;
  const parts = listAt(entry.object, 'spec', 'endpoints').map((endpoint) => {
    const mapped = valueAt(endpoint, ['ports', name]);
    const host = stringAt(endpoint, 'address') ?? '';
    const address = host.startsWith('unix://') ? parseAddress(host) : undefined;
    return arrivalsAt(
      mesh,
      caller,
      address ?? { host, port: typeof mapped === 'number' ? mapped : called, socket: undefined },
    );
  });
  if (parts.length === 0)
    return unknown([{ key: 'service', text: `what answers for ServiceEntry ${entry.name}` }]);
  const open = parts.flatMap((part) => (part.known ? [] : part.missing));
  if (open.length > 0) return unknown(open);
  return known(
    parts.flatMap((part) => (part.known ? part.value : [])),
    { resource: entry, path: ['spec', 'endpoints'] },
  );
}

/** Where a call over istiod's cluster for a host's port arrives (`outbound|port|subset|host`). */
export function arrivalsOfHost(
  mesh: Mesh,
  caller: Workload,
  { host, port }: { readonly host: string; readonly port: number },
): Arrivals {
  const service = mesh.serviceByHost(host);
  if (service !== undefined) return behindService(mesh, service, port);
  const entry = entryOf(mesh, host);
  if (entry !== undefined) return behindEntry(mesh, caller, entry, port);
  return none(`Service or ServiceEntry of host ${host}`, mesh.scope);
}
