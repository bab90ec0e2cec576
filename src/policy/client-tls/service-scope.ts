import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { egressListeners, importService, importsRoutes, withPort } from './egress-listener.js';
import type { EgressListener } from './egress-listener.js';
import { seesRoutes } from './mesh-routes.js';
import type { RouteTo } from './mesh-routes.js';
import { isVisible } from './registry-service.js';
import type { RegistryPort, RegistryService } from './registry-service.js';
import type { ServiceRegistry } from './service-registry.js';

/** The service that a client has clusters for under a host; undefined: it has none. */
export type ServiceScope = (host: string) => RegistryService | undefined;

/** What scopes are made of. */
export interface ScopeInput {
  readonly mesh: Mesh;
  readonly registry: ServiceRegistry;
  readonly routesTo: (host: string) => readonly RouteTo[];
}

function equalPorts(one: readonly RegistryPort[], other: readonly RegistryPort[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((port, index) => {
    const twin = other[index];
    return twin?.number === port.number && twin.name === port.name && twin.protocol === port.protocol;
  });
}

function equalMaps(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return containsAll(a, b) && containsAll(b, a);
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.every((one) => b.includes(one)) && b.every((one) => a.includes(one));
}

/** Services whose ports add up (canMergeServices in pilot/pkg/model/sidecar.go). */
function goTogether(a: RegistryService, b: RegistryService): boolean {
  return (
    a.namespace === b.namespace &&
    a.resolution === b.resolution &&
    (a.service === undefined) === (b.service === undefined) &&
    equalMaps(a.labels, b.labels) &&
    equalMaps(a.selector, b.selector) &&
    equalLists(a.declaredExportTo, b.declaredExportTo)
  );
}

/** Puts one more service of a host to what stands for it (appendSidecarServices in pilot/pkg/model/sidecar.go). */
function append(standing: RegistryService | undefined, service: RegistryService): RegistryService {
  if (standing === undefined) return service;
  const [oneIsNative, otherIsNative] = [standing, service].map((each) => each.service !== undefined);
  if (oneIsNative !== otherIsNative) return otherIsNative === true ? service : standing;
  if (equalPorts(standing.ports, service.ports) || !goTogether(standing, service)) return standing;
  const numbers = new Set(standing.ports.map(({ number }) => number));
  const further = service.ports.filter(({ number }) => !numbers.has(number));
  return { ...standing, ports: [...standing.ports, ...further] };
}

/** What stands for the services of one host, in their order. */
export function together(services: readonly RegistryService[]): RegistryService | undefined {
  let standing: RegistryService | undefined;
  for (const service of services) standing = append(standing, service);
  return standing;
}

/** Of several namespaces the client's own, else a Kubernetes Service's, else the first (selectServices in pilot/pkg/model/sidecar.go). */
function chosenNamespace(
  services: readonly RegistryService[],
  client: string,
  unified: boolean,
): string | undefined {
  const own = services.findLast(({ namespace }) => namespace === client);
  if (own !== undefined) return client;
  const native = unified ? services.find(({ service }) => service !== undefined) : undefined;
  return (native ?? services[0])?.namespace;
}

function withRoutePorts(service: RegistryService, ports: ReadonlySet<number>): RegistryService | undefined {
  if (ports.has(0)) return service;
  const named = service.ports.filter(({ number }) => ports.has(number));
  return named.length === 0 ? undefined : { ...service, ports: named };
}

/** The client's side of the question. */
interface View extends ScopeInput {
  readonly client: string;
  readonly unified: boolean;
}

function candidatesFor(view: View, listener: EgressListener, host: string): readonly RegistryService[] {
  const { registry, client } = view;
  if (!listener.exact) return registry.exportedTo(host, client);
  return registry
    .withHost(host)
    .filter((service) => registry.inNamespace(host, service.namespace) === service)
    .filter((service) => isVisible(service, client));
}

function requested(view: View, listener: EgressListener, host: string): readonly RegistryService[] {
  const imported = candidatesFor(view, listener, host)
    .map((service) => importService(listener, service))
    .filter((service) => service !== undefined);
  const namespace = chosenNamespace(imported, view.client, view.unified);
  return imported.filter((service) => service.namespace === namespace);
}

/** Destinations of the routes that a listener takes in come along with it. */
function routed(view: View, listener: EgressListener, host: string): readonly RegistryService[] {
  const { registry, client } = view;
  const target = lazy(() => registry.inNamespace(host, client) ?? registry.bestElsewhere(host, client));
  return view.routesTo(host).flatMap(({ routes, portsFor }) => {
    if (!seesRoutes(routes, client) || !importsRoutes(listener, routes)) return [];
    const ports = portsFor(client);
    const service = target();
    if (ports === undefined || service === undefined) return [];
    const cut =
      listener.port === undefined ? withRoutePorts(service, ports) : withPort(service, listener.port);
    return cut === undefined ? [] : [cut];
  });
}

function memoised(compute: ServiceScope): ServiceScope {
  const kept = new Map<string, { readonly service: RegistryService | undefined }>();
  return (host) => getOrMake(kept, host, () => ({ service: compute(host) })).service;
}

/**
 * What sidecars of a namespace see: through each egress listener of their Sidecar first the services it asks for, then
 * the destinations of its routes (collectImportedServices in pilot/pkg/model/sidecar.go). Each host is worked out when
 * asked for.
 */
export function sidecarServices(
  input: ScopeInput,
  client: string,
  sidecar: Resource | undefined,
): ServiceScope {
  const listeners = egressListeners(sidecar, client);
  const unified = istiodFlag(input.mesh, 'PILOT_UNIFIED_SIDECAR_SCOPE', true);
  const view: View = { ...input, client, unified };
  return memoised((host) => {
    let standing: RegistryService | undefined;
    for (const listener of listeners)
      for (const service of [...requested(view, listener, host), ...routed(view, listener, host)])
        standing = append(standing, service);
    return standing;
  });
}

/** What gateways of a namespace see: everything exported to it (DefaultSidecarScopeForGateway in pilot/pkg/model/sidecar.go). */
export function gatewayServices({ registry }: ScopeInput, client: string): ServiceScope {
  return memoised((host) => together(registry.exportedTo(host, client)));
}
