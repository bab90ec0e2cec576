import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh, PortProtocol, Service } from '#mesh/mesh.js';
import { parseProtocol, servicePortProtocol } from '#mesh/service-port-protocol.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { exportSet } from '#policy/gateway/export-to.js';
import { cappedExport } from './entry-visibility.js';

/** How the proxy finds the addresses of a service (Resolution in pilot/pkg/model/service.go). */
export type Resolution = 'endpoints' | 'dns' | 'dns-round-robin' | 'dynamic-dns' | 'passthrough' | 'alias';

export interface RegistryPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
}

/** A destination as istiod's registry holds it: a Kubernetes Service, or one host of a ServiceEntry. */
export interface RegistryService {
  readonly host: string;
  readonly namespace: string;
  /** Name that ties of age are broken by: the Service's, or the host itself. */
  readonly name: string;
  readonly resource: Resource;
  /** The Kubernetes Service; undefined for hosts of ServiceEntries. */
  readonly service: Service | undefined;
  readonly ports: readonly RegistryPort[];
  readonly resolution: Resolution;
  /** Outside the mesh: no automatic mutual TLS. */
  readonly external: boolean;
  /** Namespaces whose proxies may see it: `*` all, `~` none; its own one stands for `.`. */
  readonly exportTo: ReadonlySet<string>;
  /** The object's own list, as written. */
  readonly declaredExportTo: readonly string[];
  readonly labels: StringMap;
  readonly selector: StringMap;
  /** Names that the object itself gives for the server's certificate. */
  readonly accounts: readonly string[];
}

const exportAnnotation = 'networking.istio.io/exportTo';

function exported(mesh: Mesh, written: readonly string[], namespace: string): ReadonlySet<string> {
  return exportSet(mesh, written, { namespace, setting: 'defaultServiceExportTo' });
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

function accountsOf(mesh: Mesh, { resource, namespace }: Service): readonly string[] {
  const annotation = (name: string): readonly string[] =>
    listed(stringAt(resource.object, 'metadata', 'annotations', `alpha.istio.io/${name}`));
  const { trustDomain } = mesh.settings;
  return [
    ...annotation('canonical-serviceaccounts'),
    ...annotation('kubernetes-serviceaccounts').map(
      (name) => `spiffe://${trustDomain}/ns/${namespace}/sa/${name}`,
    ),
  ];
}

function servicePort(resource: Resource, port: Service['ports'][number]): RegistryPort {
  const { number, name, protocol, path } = port;
  const appProtocol = stringAt(resource.object, ...path, 'appProtocol');
  return {
    number,
    name: name ?? '',
    // Istio looks at the transport for UDP only; SCTP ports get a cluster like any other.
    protocol:
      protocol === 'SCTP' ? servicePortProtocol({ number, name, protocol: 'TCP', appProtocol }) : protocol,
  };
}

function resolutionOf({ type, externalName, headless }: Service): Resolution {
  if (headless) return 'passthrough';
  return type === 'ExternalName' && (externalName ?? '') !== '' ? 'alias' : 'endpoints';
}

/** The registry's form of a Kubernetes Service (ConvertService in pilot/pkg/serviceregistry/kube/conversion.go). */
export function ofKubernetes(mesh: Mesh, service: Service): RegistryService {
  const { host, namespace, name, resource } = service;
  const written = stringAt(resource.object, 'metadata', 'annotations', exportAnnotation);
  const isAlias = service.type === 'ExternalName' && (service.externalName ?? '') !== '';
  const declaredExportTo = listed(written).map((entry) => entry.trim());
  return {
    host,
    namespace,
    name,
    resource,
    service,
    ports: service.ports.map((port) => servicePort(resource, port)),
    resolution: resolutionOf(service),
    external: isAlias,
    exportTo: exported(mesh, declaredExportTo, namespace),
    declaredExportTo,
    labels: stringMap(objectAt(resource.object, 'metadata', 'labels')),
    selector: service.selector,
    accounts: accountsOf(mesh, service),
  };
}

const resolutions: ReadonlyMap<string, Resolution> = new Map([
  ['STATIC', 'endpoints'],
  ['DNS', 'dns'],
  ['DNS_ROUND_ROBIN', 'dns-round-robin'],
  ['DYNAMIC_DNS', 'dynamic-dns'],
]);

function entryPort(port: JsonValue): readonly RegistryPort[] {
  const number = valueAt(port, ['number']);
  if (typeof number !== 'number') return [];
  const protocol = parseProtocol(stringAt(port, 'protocol') ?? '') ?? 'auto';
  return [{ number, name: stringAt(port, 'name') ?? '', protocol }];
}

/** The hosts of a ServiceEntry in the registry's form (convertServices in pilot/pkg/serviceregistry/serviceentry/conversion.go). */
export function ofServiceEntry(mesh: Mesh, resource: Resource): readonly RegistryService[] {
  const namespace = mesh.namespaceOf(resource);
  const { object } = resource;
  const declaredExportTo = stringsAt(object, 'spec', 'exportTo');
  const common = {
    namespace,
    resource,
    service: undefined,
    ports: listAt(object, 'spec', 'ports').flatMap(entryPort),
    resolution: resolutions.get(stringAt(object, 'spec', 'resolution') ?? '') ?? 'passthrough',
    external: stringAt(object, 'spec', 'location') !== 'MESH_INTERNAL',
    exportTo: cappedExport(mesh, exported(mesh, declaredExportTo, namespace), namespace),
    declaredExportTo,
    labels: stringMap(objectAt(object, 'metadata', 'labels')),
    selector: stringMap(objectAt(object, 'spec', 'workloadSelector', 'labels')),
    accounts: stringsAt(object, 'spec', 'subjectAltNames'),
  };
  return stringsAt(object, 'spec', 'hosts').map((host) => ({ ...common, host, name: host }));
}

/** True for a service that the proxies of a namespace may see (IsServiceVisible in pilot/pkg/model/push_context.go). */
export function isVisible({ exportTo }: RegistryService, namespace: string): boolean {
  return exportTo.has('*') || exportTo.has(namespace);
}
