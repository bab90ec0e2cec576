import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { isVisible } from '#policy/client-tls/registry-service.js';
import type { RegistryService } from '#policy/client-tls/registry-service.js';
import { serviceRegistry } from '#policy/client-tls/service-registry.js';
import type { ServiceRegistry } from '#policy/client-tls/service-registry.js';
import { gatewayServices, together } from '#policy/client-tls/service-scope.js';
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
}

/** Given a mesh that holds no objects of other revisions, everything in it is read. */
const registryOf = perMesh((mesh: Mesh): ServiceRegistry => serviceRegistry(mesh, () => 'visible'));

function known(registered: RegistryService): KnownService {
  const { host, namespace, resource, service, ports, resolution, external } = registered;
  return {
    host,
    namespace,
    resource,
    service,
    ports: ports.filter(({ protocol }) => protocol !== 'UDP').map(({ number }) => number),
    alias: resolution === 'alias' ? service?.externalName : undefined,
    external,
  };
}

/** The services that proxies of one namespace know. */
export interface ServiceView {
  /** The service of a host: the oldest visible one, a Kubernetes Service before any other. */
  readonly find: (host: string) => KnownService | undefined;
  /** The same for a route: one in the route's own namespace goes first. */
  readonly findFor: (host: string, routeNamespace: string) => KnownService | undefined;
  readonly all: () => readonly KnownService[];
}

function makeView(mesh: Mesh, namespace: string): ServiceView {
  const registry = registryOf(mesh);
  const scope = gatewayServices({ mesh, registry, routesTo: () => [] }, namespace);
  const kept = new Map<RegistryService, KnownService>();
  const tell = (registered: RegistryService | undefined): KnownService | undefined =>
    registered && getOrMake(kept, registered, () => known(registered));
  const find = (host: string): KnownService | undefined => tell(scope(host));
  return {
    find,
    findFor: (host, routeNamespace) => {
      const own = registry.withHost(host).filter((each) => each.namespace === routeNamespace);
      const visible = own.filter((each) => isVisible(each, namespace));
      return tell(together(visible)) ?? find(host);
    },
    all: lazy(() =>
      registry
        .hosts()
        .map(find)
        .filter((service) => service !== undefined),
    ),
  };
}

const views = perMesh((): Map<string, ServiceView> => new Map());

/** What a proxy of a namespace without a Sidecar, as gateways are, can send to. */
export function servicesVisibleTo(mesh: Mesh, namespace: string): ServiceView {
  return getOrMake(views(mesh), namespace, () => makeView(mesh, namespace));
}
