import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import { sortByAge } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, PortProtocol, Service, ServicePort } from '#mesh/mesh.js';
import { parseProtocol } from '#mesh/service-port-protocol.js';
import type { ServedService } from '#policy/attachment.js';
import { configurationDiscovery, discoveryOf } from '#policy/discovery.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';

/** What clients dial: an address of its own, those of its pods, those behind another name, or whatever its host resolves to. */
export type Addressing = 'virtual' | 'pods' | 'alias' | 'resolved';

/** A Service, or a host of a ServiceEntry, as clients call it. */
export interface CalledService {
  readonly served: ServedService;
  readonly host: string;
  readonly resource: Resource;
  /** Undefined for a ServiceEntry. */
  readonly service: Service | undefined;
  readonly addressing: Addressing;
  /** Its one address; undefined where it is not known. */
  readonly address: Address | undefined;
  readonly ports: readonly ServicePort[];
  /** False for one that waypoints leave out. */
  readonly hasChains: boolean;
}

function onlyAddress(texts: readonly string[]): Address | undefined {
  const [only, ...others] = new Set(texts);
  return only === undefined || others.length > 0 ? undefined : parseAddress(only);
}

function fromService(service: Service): CalledService {
  const { name, namespace, host, resource, headless, type, ports } = service;
  const clusterIp = stringAt(resource.object, 'spec', 'clusterIP');
  const all = [
    ...stringsAt(resource.object, 'spec', 'clusterIPs'),
    ...(clusterIp === undefined ? [] : [clusterIp]),
  ];
  const named = headless ? 'pods' : 'virtual';
  return {
    served: { kind: 'Service', name, namespace },
    host,
    resource,
    service,
    addressing: type === 'ExternalName' ? 'alias' : named,
    address: onlyAddress(all),
    ports,
    hasChains: true,
  };
}

function entryProtocol(written: string): PortProtocol {
  return parseProtocol(written) ?? 'auto';
}

function entryPorts(entry: Resource): readonly ServicePort[] {
  return listAt(entry.object, 'spec', 'ports').flatMap((port, index): readonly ServicePort[] => {
    const number = valueAt(port, ['number']);
    if (!isObject(port) || typeof number !== 'number') return [];
    const target = valueAt(port, ['targetPort']);
    const path: FieldPath = ['spec', 'ports', index];
    return [
      {
        number,
        name: stringAt(port, 'name'),
        targetPort: typeof target === 'number' && target !== 0 ? target : undefined,
        protocol: entryProtocol(stringAt(port, 'protocol') ?? ''),
        path,
      },
    ];
  });
}

/** istiod gives an address to an entry without one that it can resolve (ShouldV2AutoAllocateIP in pilot/pkg/networking/serviceentry). */
function isAddressed(mesh: Mesh, { object }: Resource, host: string): boolean {
  if (stringsAt(object, 'spec', 'addresses').length > 0) return true;
  const resolution = stringAt(object, 'spec', 'resolution') ?? 'NONE';
  const label = stringAt(object, 'metadata', 'labels', 'networking.istio.io/enable-autoallocate-ip') ?? '';
  if (resolution === 'NONE' || label.toLowerCase() === 'false') return false;
  if (host.startsWith('*') && resolution !== 'DYNAMIC_DNS') return false;
  return istiodFlag(mesh, 'PILOT_ENABLE_IP_AUTOALLOCATE', true);
}

/** findWaypointResources in pilot/pkg/networking/core/waypoint.go. */
function isLeftOut({ object }: Resource): boolean {
  const inside = stringAt(object, 'spec', 'location') === 'MESH_INTERNAL';
  return inside && stringAt(object, 'spec', 'resolution') === 'DYNAMIC_DNS';
}

function fromServiceEntry(mesh: Mesh, resource: Resource): readonly CalledService[] {
  const namespace = mesh.namespaceOf(resource);
  const ports = entryPorts(resource);
  const addresses = stringsAt(resource.object, 'spec', 'addresses');
  return stringsAt(resource.object, 'spec', 'hosts').map((host) => ({
    served: { kind: 'ServiceEntry', name: resource.name, namespace },
    host,
    resource,
    service: undefined,
    addressing: isAddressed(mesh, resource, host) ? 'virtual' : 'resolved',
    address: onlyAddress(addresses),
    ports,
    hasChains: !isLeftOut(resource),
  }));
}

/** All of a mesh: `namespace/name` and `namespace/host` of Services, `namespace/host` of ServiceEntries; the oldest counts, a Service first. */
const index = perMesh((mesh: Mesh): ReadonlyMap<string, CalledService> => {
  const services = mesh.services
    .filter(({ namespace }) => discoveryOf(mesh, namespace) !== 'hidden')
    .map(fromService);
  const entries = sortByAge(
    mesh
      .ofKind('networking.istio.io', 'ServiceEntry')
      .filter((entry) => configurationDiscovery(mesh, mesh.namespaceOf(entry)) !== 'hidden')
      .flatMap((entry) => fromServiceEntry(mesh, entry)),
    ({ resource }) => resource,
    ({ served }) => [served.name, served.namespace],
  );
  const found = new Map<string, CalledService>();
  for (const called of [...services, ...entries])
    getOrMake(found, `${called.served.namespace}/${called.host}`, () => called);
  for (const called of services)
    getOrMake(found, `${called.served.namespace}/${called.served.name}`, () => called);
  return found;
});

/** The Service `namespace/name`, or the ServiceEntry `namespace/host`; undefined when the mesh has none. */
export function calledService(mesh: Mesh, key: string): CalledService | undefined {
  return index(mesh).get(key);
}

/** All Services and hosts of ServiceEntries, each once. */
export function calledServices(mesh: Mesh): readonly CalledService[] {
  return [...new Set(index(mesh).values())];
}

/** Where a port of it is declared. */
export function portField({ resource }: CalledService, { path }: ServicePort): FieldRef {
  return { resource, path };
}
