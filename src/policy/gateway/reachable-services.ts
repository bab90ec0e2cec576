import type { Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import { sortByAge } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { exportSet } from './export-to.js';
import { perMesh } from './per-mesh.js';

/** A destination that istiod knows by its host: a Kubernetes Service, or a host of a ServiceEntry. */
export interface KnownService {
  readonly host: string;
  readonly namespace: string;
  readonly resource: Resource;
  /** The Kubernetes Service; undefined for hosts of ServiceEntries. */
  readonly service: Service | undefined;
  /** Ports with a cluster: UDP ports have none. */
  readonly ports: readonly number[];
  /** Name that an ExternalName Service stands for. */
  readonly alias: string | undefined;
  readonly external: boolean;
  readonly exportTo: ReadonlySet<string>;
}

const exportAnnotation = 'networking.istio.io/exportTo';

function exported(mesh: Mesh, written: readonly string[], namespace: string): ReadonlySet<string> {
  return exportSet(mesh, written, { namespace, setting: 'defaultServiceExportTo' });
}

function fromService(mesh: Mesh, service: Service): KnownService {
  const { host, namespace, resource, externalName } = service;
  const written = stringAt(resource.object, 'metadata', 'annotations', exportAnnotation) ?? '';
  const list = written.split(',').map((entry) => entry.trim());
  return {
    host,
    namespace,
    resource,
    service,
    ports: service.ports.filter(({ protocol }) => protocol !== 'UDP').map(({ number }) => number),
    alias: service.type === 'ExternalName' ? externalName : undefined,
    external: false,
    exportTo: exported(
      mesh,
      list.filter((entry) => entry !== ''),
      namespace,
    ),
  };
}

function fromServiceEntry(mesh: Mesh, resource: Resource): readonly KnownService[] {
  const namespace = mesh.namespaceOf(resource);
  const ports = listAt(resource.object, 'spec', 'ports').flatMap((port) => {
    const number = valueAt(port, ['number']);
    const isUdp = stringAt(port, 'protocol')?.toUpperCase() === 'UDP';
    return typeof number === 'number' && !isUdp ? [number] : [];
  });
  const common = {
    namespace,
    resource,
    service: undefined,
    ports,
    alias: undefined,
    external: stringAt(resource.object, 'spec', 'location') !== 'MESH_INTERNAL',
    exportTo: exported(mesh, stringsAt(resource.object, 'spec', 'exportTo'), namespace),
  };
  return stringsAt(resource.object, 'spec', 'hosts').map((host) => ({ ...common, host }));
}

/** All of them by host, oldest first. */
const servicesByHost = perMesh((mesh: Mesh): ReadonlyMap<string, readonly KnownService[]> => {
  const all = sortByAge(
    [
      ...mesh.services.map((service) => fromService(mesh, service)),
      ...mesh
        .ofKind('networking.istio.io', 'ServiceEntry')
        .flatMap((resource) => fromServiceEntry(mesh, resource)),
    ],
    ({ resource }) => resource,
    ({ host, namespace }) => [host, namespace],
  );
  const index = new Map<string, KnownService[]>();
  for (const known of all) getOrMake(index, known.host, () => []).push(known);
  return index;
});

function isVisible({ exportTo }: KnownService, to: string): boolean {
  return exportTo.has('*') || (!exportTo.has('~') && exportTo.has(to));
}

/** The services that proxies of one namespace know. */
export interface ServiceView {
  /** The service of a host: the oldest visible one, a Kubernetes Service before any other. */
  readonly find: (host: string) => KnownService | undefined;
  /** The same for a route: one in the route's own namespace goes first. */
  readonly findFor: (host: string, routeNamespace: string) => KnownService | undefined;
  readonly all: () => readonly KnownService[];
}

/** Among private and exported services before public ones (servicesExportedToNamespace, appendSidecarServices in pilot/pkg/model). */
function choose(candidates: readonly KnownService[], namespace: string): KnownService | undefined {
  const visible = candidates.filter((known) => isVisible(known, namespace));
  const ordered = [
    ...visible.filter(({ exportTo }) => !exportTo.has('*')),
    ...visible.filter(({ exportTo }) => exportTo.has('*')),
  ];
  const [first] = ordered;
  const chosen = ordered.find(({ service }) => service !== undefined) ?? first;
  if (chosen === undefined || chosen.service !== undefined) return chosen;
  // Entries of one namespace for one host add their ports up.
  const ports = ordered
    .filter((known) => known.namespace === chosen.namespace)
    .flatMap((known) => known.ports);
  return { ...chosen, ports: [...new Set(ports)] };
}

/** What a proxy of a namespace without a Sidecar, as gateways are, can send to. */
export function servicesVisibleTo(mesh: Mesh, namespace: string): ServiceView {
  const index = servicesByHost(mesh);
  const find = (host: string): KnownService | undefined => choose(index.get(host) ?? [], namespace);
  return {
    find,
    findFor: (host, routeNamespace) => {
      const own = (index.get(host) ?? []).filter((known) => known.namespace === routeNamespace);
      return choose(own, namespace) ?? find(host);
    },
    all: () => [...index.keys()].map(find).filter((known) => known !== undefined),
  };
}
