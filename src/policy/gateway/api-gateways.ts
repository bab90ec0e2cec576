import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { sortByAge } from '#mesh/creation-order.js';
import type { Mesh } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { admittedNamespaces } from './admitted-namespaces.js';
import { listenerTls } from './api-listener-tls.js';
import type { ListenerPlace } from './api-listener-tls.js';
import { deployedName, gatewayClassOf, isManaged } from './gateway-class.js';
import type { GatewayClassInfo } from './gateway-class.js';
import { withoutConflicts } from './listener-conflicts.js';
import { perMesh } from './per-mesh.js';
import type { GatewayConfig, Server } from './server.js';

const group = 'gateway.networking.k8s.io';

/** A listener of a Gateway or a ListenerSet, as routes attach to it. */
export interface ApiListener {
  readonly config: GatewayConfig;
  /** False when its certificates do not hold: then no server is generated, yet routes see it. */
  readonly valid: boolean;
  readonly problem: string | undefined;
  readonly owner: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** As written; empty without one. */
  readonly hostname: string;
  readonly allowedKinds: readonly string[];
}

interface WrittenListener {
  readonly owner: Resource;
  readonly at: FieldRef;
  readonly object: JsonObject;
  readonly port: number;
  readonly protocol: string;
  readonly hostname: string;
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['HTTP', 80],
  ['HTTPS', 443],
]);

/** Listeners of an object; those of a ListenerSet may leave out well-known ports. */
function writtenListeners(owner: Resource): readonly WrittenListener[] {
  return listAt(owner.object, 'spec', 'listeners').flatMap((object, index) => {
    if (!isObject(object)) return [];
    const protocol = stringAt(object, 'protocol') ?? '';
    const written = valueAt(object, ['port']);
    const port = typeof written === 'number' && written !== 0 ? written : defaultPorts.get(protocol);
    const at = { resource: owner, path: ['spec', 'listeners', index] };
    const hostname = stringAt(object, 'hostname') ?? '';
    return port === undefined
      ? []
      : [{ owner, at, object, port, protocol, hostname: hostname === '' ? '*' : hostname }];
  });
}

/** Route kinds by protocol (GenerateGatewaySupportedKinds in pilot/pkg/config/kube/gatewaycommon/conversion.go). */
function allowedKinds({ object, protocol }: WrittenListener): readonly string[] {
  const terminates = (stringAt(object, 'tls', 'mode') ?? 'Terminate') === 'Terminate';
  const supported: Readonly<Record<string, readonly string[]>> = {
    HTTP: ['HTTPRoute', 'GRPCRoute'],
    HTTPS: ['HTTPRoute', 'GRPCRoute'],
    TCP: ['TCPRoute'],
    TLS: terminates && objectAt(object, 'tls') !== undefined ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'],
  };
  const kinds = (Object.hasOwn(supported, protocol) ? supported[protocol] : undefined) ?? [];
  const allowed = listAt(object, 'allowedRoutes', 'kinds');
  if (allowed.length === 0) return kinds;
  return kinds.filter((kind) =>
    allowed.some(
      (entry) => stringAt(entry, 'kind') === kind && (stringAt(entry, 'group') ?? group) === group,
    ),
  );
}

/** A Gateway that istiod serves. */
interface ServedGateway {
  readonly mesh: Mesh;
  readonly gateway: Resource;
  readonly info: GatewayClassInfo;
}

/** Hosts of the Services whose pods serve a Gateway (extractGatewayServices in pilot/pkg/config/kube/gateway/conversion.go). */
function gatewayServices({ mesh, gateway, info }: ServedGateway): readonly string[] {
  const suffix = `.${mesh.namespaceOf(gateway)}.svc.${mesh.settings.domainSuffix}`;
  if (isManaged(mesh, gateway)) {
    const override = stringAt(gateway.object, 'metadata', 'annotations', 'gateway.istio.io/name-override');
    return [`${override ?? deployedName(gateway, info)}${suffix}`];
  }
  return listAt(gateway.object, 'spec', 'addresses')
    .filter((address) => (stringAt(address, 'type') ?? 'Hostname') === 'Hostname')
    .map((address) => stringAt(address, 'value') ?? '')
    .map((host) => (host.includes('.') ? host : `${host}${suffix}`));
}

function serviceAccount({ mesh, gateway, info }: ServedGateway): string | undefined {
  if (!isManaged(mesh, gateway)) return undefined;
  const written = stringAt(gateway.object, 'metadata', 'annotations', 'gateway.istio.io/service-account');
  return written ?? deployedName(gateway, info);
}

/** Hosts with the namespaces that may attach routes; `~` admits nobody, yet the name stays taken (buildHostnameMatch). */
function hostsOf(mesh: Mesh, { owner, object, hostname }: WrittenListener): readonly string[] {
  const namespaces = admittedNamespaces(
    mesh,
    objectAt(object, 'allowedRoutes', 'namespaces'),
    mesh.namespaceOf(owner),
  );
  if (namespaces === 'all') return [hostname];
  return namespaces.length === 0 ? [`~/${hostname}`] : namespaces.map((name) => `${name}/${hostname}`);
}

const protocols: ReadonlyMap<string, Server['protocol']> = new Map([
  ['HTTP', 'HTTP'],
  ['HTTPS', 'HTTPS'],
  ['TLS', 'TLS'],
  ['TCP', 'TCP'],
]);

function apiListener(served: ServedGateway, written: WrittenListener): ApiListener | undefined {
  const { mesh, gateway } = served;
  const { owner, at, object: listener, port } = written;
  const place: ListenerPlace = { mesh, owner, parent: gateway, at, listener, port };
  const { tls, problem } = listenerTls(place);
  // Without a tls section these are mere placeholders for ListenerSets.
  if (tls === undefined && (written.protocol === 'HTTPS' || written.protocol === 'TLS')) return undefined;
  const protocol = protocols.get(written.protocol);
  const listenerName = stringAt(listener, 'name') ?? '';
  const namespace = mesh.namespaceOf(owner);
  const name = `${owner.name}~istio-autogenerated-k8s-gateway~${listenerName}`;
  const hosts = hostsOf(mesh, written);
  const server: Server = {
    at,
    port,
    portName: 'default',
    protocol: protocol ?? 'auto',
    hosts,
    bind: '',
    tls,
  };
  const config: GatewayConfig = {
    id: `${namespace}/${name}`,
    name,
    namespace,
    resource: owner,
    api: 'gateway-api',
    binding: {
      by: 'services',
      hosts: gatewayServices(served),
      namespace: mesh.namespaceOf(gateway),
      gatewayName: gateway.name,
    },
    serviceAccount: serviceAccount(served),
    fromListenerSet: owner !== gateway,
    servers: [server],
  };
  return {
    config,
    valid: problem === undefined && protocol !== undefined,
    problem,
    owner: { kind: owner.kind, namespace, name: owner.name },
    name: listenerName,
    port,
    protocol: written.protocol,
    hostname: stringAt(listener, 'hostname') ?? '',
    allowedKinds: allowedKinds(written),
  };
}

/** Nobody without `allowedListeners` (NamespaceAcceptedByAllowListeners in gatewaycommon/gateway_utils.go). */
function isAdmitted(mesh: Mesh, gateway: Resource, namespace: string): boolean {
  const allowed = objectAt(gateway.object, 'spec', 'allowedListeners', 'namespaces');
  const from = stringAt(allowed, 'from') ?? 'Selector';
  if (allowed === undefined || from === 'None') return false;
  if (from === 'Selector' && objectAt(allowed, 'selector') === undefined) return false;
  const admitted = admittedNamespaces(mesh, { ...allowed, from }, mesh.namespaceOf(gateway));
  return admitted === 'all' || admitted.includes(namespace);
}

/** ListenerSets that a Gateway lets in, oldest first. */
function listenerSets({ mesh, gateway, info }: ServedGateway): readonly Resource[] {
  if (!info.supportsListenerSet) return [];
  const home = mesh.namespaceOf(gateway);
  const attached = mesh.ofKind(group, 'ListenerSet').filter((set) => {
    const ref = objectAt(set.object, 'spec', 'parentRef');
    const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(set);
    const isGateway = (stringAt(ref, 'kind') ?? 'Gateway') === 'Gateway';
    return isGateway && namespace === home && stringAt(ref, 'name') === gateway.name;
  });
  const admitted = attached.filter((set) => isAdmitted(mesh, gateway, mesh.namespaceOf(set)));
  return sortByAge(
    admitted,
    (set) => set,
    (set) => [`${mesh.namespaceOf(set)}/${set.name}`],
  );
}

function listenersOf(served: ServedGateway): readonly ApiListener[] {
  const owners = [served.gateway, ...listenerSets(served)];
  const written = owners.flatMap(writtenListeners);
  const winners = served.info.supportsListenerSet ? withoutConflicts(written) : written;
  const found = winners.map((listener) => apiListener(served, listener));
  return found.filter((listener) => listener !== undefined);
}

/** Listeners of the Kubernetes Gateways of a mesh that istiod serves at gateway pods; waypoints and remote gateways are none. */
export const apiListeners = perMesh((mesh: Mesh): readonly ApiListener[] => {
  if (!istiodFlag(mesh, 'PILOT_ENABLE_GATEWAY_API', true)) return [];
  return mesh.ofKind(group, 'Gateway').flatMap((gateway) => {
    const info = gatewayClassOf(mesh, gateway);
    const isServed = info !== undefined && info.controller !== 'remote' && info.controller !== 'waypoint';
    return isServed ? listenersOf({ mesh, gateway, info }) : [];
  });
});
