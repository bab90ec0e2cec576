import type { Resource } from '#documents/document.js';
import { stringAt, stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { controlPlaneView } from '#policy/client-tls/control-plane-view.js';
import type { ClientScope, ControlPlaneView } from '#policy/client-tls/control-plane-view.js';
import type { RegistryPort, RegistryService } from '#policy/client-tls/registry-service.js';
import type { ServiceScope } from '#policy/client-tls/service-scope.js';
import type { Decision } from '#policy/decision.js';
import { inboundProtocol } from '#policy/inbound-ports.js';
import type { Enrolment } from '#policy/policies.js';
import { sidecarScopeOf } from '#policy/sidecar-scope.js';

/** What proxies of one scope can send to. */
export interface Destinations {
  /** The services of a host that the proxy has clusters for; undefined: none. */
  readonly service: (host: string) => RegistryService | undefined;
  readonly hasSubset: (service: RegistryService, subset: string) => boolean;
  /** The outbound listeners by address and port; worked out when first asked for. */
  readonly listeners: () => readonly OutboundPort[];
}

/** An address and port that a sidecar's outbound listener stands for. */
export interface OutboundPort {
  readonly bind: string;
  readonly port: number;
  /** Which kinds of chain it has. */
  readonly http: boolean;
  readonly tcp: boolean;
  /** Hosts that are routed there, where it reads HTTP. */
  readonly hosts: readonly string[];
}

const views = new WeakMap<Mesh, Map<string, ControlPlaneView>>();
const kept = new WeakMap<ClientScope, Destinations>();

function viewOf(
  mesh: Mesh,
  enrolment: (workload: Workload) => Decision<Enrolment>,
  client: Decision<Enrolment>,
): ControlPlaneView {
  const revision = client.known ? (client.value.revision ?? '') : '';
  const known = getOrMake(views, mesh, () => new Map<string, ControlPlaneView>());
  return getOrMake(known, revision, () => controlPlaneView({ mesh, enrolment, client }));
}

const anywhere = '0.0.0.0';

/** The address that a listener for a service's TCP port stands for (GetAddressForProxy in pilot/pkg/model/service.go). */
function addressOf({ service, resource }: RegistryService): string {
  if (service === undefined) {
    const [address] = stringsAt(resource.object, 'spec', 'addresses');
    return address === undefined || address.includes('/') ? anywhere : address;
  }
  if (service.headless) return '<pod IP>';
  return stringAt(resource.object, 'spec', 'clusterIP') ?? '<cluster IP>';
}

function portsOf(service: RegistryService, port: RegistryPort): readonly OutboundPort[] {
  const common = { port: port.number, hosts: [service.host] };
  if (port.protocol === 'UDP') return [];
  switch (inboundProtocol(port.protocol)) {
    case 'HTTP':
      return [{ ...common, bind: anywhere, http: true, tcp: false }];
    case 'TCP':
      return [{ ...common, bind: addressOf(service), http: false, tcp: true, hosts: [] }];
    case 'AUTO':
      return [{ ...common, bind: addressOf(service), http: true, tcp: true }];
  }
}

/** Listeners of the services of hosts, put to those of others (buildSidecarOutboundListeners in listener.go). */
function listenersFor(
  hosts: readonly string[],
  serviceOf: ServiceScope,
  others: readonly OutboundPort[] = [],
): readonly OutboundPort[] {
  const listeners = new Map<string, OutboundPort & { readonly hosts: string[] }>();
  for (const other of others)
    listeners.set(`${other.bind}_${other.port}`, { ...other, hosts: [...other.hosts] });
  for (const host of hosts) {
    const service = serviceOf(host);
    if (service === undefined || service.resolution === 'alias') continue;
    for (const one of service.ports.flatMap((port) => portsOf(service, port))) {
      const key = `${one.bind}_${one.port}`;
      const known = listeners.get(key);
      const all = known?.hosts ?? [];
      all.push(...one.hosts);
      const [http, tcp] = [known?.http === true || one.http, known?.tcp === true || one.tcp];
      listeners.set(key, { ...one, http, tcp, hosts: all });
    }
  }
  return [...listeners.values()];
}

/** What all clients without a Sidecar see alike, and the hosts that not all of them see. */
interface CommonListeners {
  readonly listeners: readonly OutboundPort[];
  readonly otherHosts: readonly string[];
}

const common = new WeakMap<ControlPlaneView, CommonListeners>();

function commonListeners(view: ControlPlaneView): CommonListeners {
  const { registry } = view;
  return getOrMake(common, view, () => {
    const [shared, otherHosts]: [string[], string[]] = [[], []];
    for (const host of registry.hosts()) {
      const services = registry.withHost(host);
      const alike = services.length === 1 && services[0]?.exportTo.has('*') === true;
      (alike ? shared : otherHosts).push(host);
    }
    return { listeners: listenersFor(shared, (host) => registry.withHost(host)[0]), otherHosts };
  });
}

function listenersOf(
  view: ControlPlaneView,
  scope: ClientScope,
  sidecar: Resource | undefined,
): readonly OutboundPort[] {
  if (sidecar !== undefined) return listenersFor(view.registry.hosts(), scope.services);
  const { listeners, otherHosts } = commonListeners(view);
  return otherHosts.length === 0 ? listeners : listenersFor(otherHosts, scope.services, listeners);
}

/** What a proxy can send to; proxies of one namespace and Sidecar share it. */
export function destinationsOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: (workload: Workload) => Decision<Enrolment>,
): Destinations {
  const own = enrolment(workload);
  const view = viewOf(mesh, enrolment, own);
  const isGateway = own.known && own.value.dataPlane === 'gateway';
  const [sidecar] = isGateway ? [undefined] : sidecarScopeOf(mesh, workload, own).candidates;
  const scope = view.scope(isGateway ? 'gateway' : 'sidecar', workload.namespace, sidecar);
  return getOrMake(kept, scope, () => {
    let listeners: readonly OutboundPort[] | undefined;
    return {
      service: scope.services,
      hasSubset: (service, subset) =>
        scope.rulesFor(service).rules.some(({ subsets }) => subsets.some(({ name }) => name === subset)),
      listeners: () => (listeners ??= listenersOf(view, scope, sidecar)),
    };
  });
}

/** The proxy's own side of the question which clusters it has. */
export interface OwnClusters {
  readonly kind: 'sidecar' | 'gateway';
  /** Pod ports that Services name. */
  readonly inbound: ReadonlySet<number>;
}

const withoutHost: Readonly<Record<string, readonly OwnClusters['kind'][]>> = {
  BlackHoleCluster: ['sidecar', 'gateway'],
  PassthroughCluster: ['sidecar'],
  InboundPassthroughCluster: ['sidecar'],
};

function hasOutbound(
  { service, hasSubset }: Destinations,
  { host, port, subset }: { readonly host: string; readonly port: number; readonly subset: string },
): boolean {
  const found = service(host);
  if (found === undefined || found.resolution === 'alias') return false;
  const hasPort = found.ports.some(({ number, protocol }) => number === port && protocol !== 'UDP');
  return hasPort && (subset === '' || hasSubset(found, subset));
}

/** True where istiod makes a cluster of the name for the proxy (BuildSubsetKey, `outbound|port|subset|host`). */
export function hasIstioCluster(destinations: Destinations, own: OwnClusters, name: string): boolean {
  if (Object.hasOwn(withoutHost, name)) return withoutHost[name]?.includes(own.kind) === true;
  const [direction, port = '', subset = '', host = '', ...rest] = name.split('|');
  if (rest.length > 0 || !/^\d{1,5}$/.test(port)) return false;
  const number = Number(port);
  if (direction === 'outbound') return hasOutbound(destinations, { host, port: number, subset });
  const isInbound = direction === 'inbound' && subset === '' && host === '';
  return isInbound && own.kind === 'sidecar' && own.inbound.has(number);
}
