import type { Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { apiListeners } from './api-gateways.js';
import type { ApiListener } from './api-gateways.js';
import { isSubset, overlaps, splitNamespace } from './host-name.js';
import { perMesh } from './per-mesh.js';
import { getOrMake } from '#mesh/lazy.js';

const group = 'gateway.networking.k8s.io';

/** A listener that takes a route. */
export interface RouteParent {
  readonly listener: ApiListener;
  /** Names of other listeners of the same port and protocol, whose routes this one's would take. */
  readonly neighbours: readonly string[];
}

const listenersByOwner = perMesh((mesh: Mesh): ReadonlyMap<string, readonly ApiListener[]> => {
  const index = new Map<string, ApiListener[]>();
  for (const listener of apiListeners(mesh)) {
    const { kind, namespace, name } = listener.owner;
    getOrMake(index, `${kind}/${namespace}/${name}`, () => []).push(listener);
  }
  return index;
});

/** What attaches: the route, its host names (`*` for none) and its place. */
interface Attaching {
  readonly kind: string;
  readonly namespace: string;
  readonly hostnames: readonly string[];
}

function namesFit({ namespace, hostnames }: Attaching, { config }: ApiListener): boolean {
  const hosts = config.servers.flatMap((server) => server.hosts).map(splitNamespace);
  return hosts.some(
    (host) =>
      (host.namespace === '*' || host.namespace === namespace) &&
      hostnames.some((name) => overlaps(host.name, name)),
  );
}

/** Whether a listener takes a route by one of its parentRefs (referenceAllowed in pilot/pkg/config/kube/gateway/conversion.go). */
function takes(listener: ApiListener, ref: JsonValue, route: Attaching): boolean {
  const port = valueAt(ref, ['port']) ?? 0;
  const section = stringAt(ref, 'sectionName') ?? '';
  return (
    (port === 0 || port === listener.port) &&
    (section === '' || section === listener.name) &&
    listener.allowedKinds.includes(route.kind) &&
    namesFit(route, listener)
  );
}

function neighboursOf(listener: ApiListener, all: readonly ApiListener[]): readonly string[] {
  const same = all.filter(
    (other) => other !== listener && other.port === listener.port && other.protocol === listener.protocol,
  );
  return same.map(({ hostname }) => hostname).filter((name) => name !== listener.hostname);
}

/** Host names of a route as they bind; none stands for all. */
export function routeHostnames(route: Resource): readonly string[] {
  const hostnames = stringsAt(route.object, 'spec', 'hostnames');
  return hostnames.length === 0 ? ['*'] : hostnames;
}

/** The listeners that take a route, each once a parentRef, by their internal names (filteredReferences). */
export function routeParents(mesh: Mesh, route: Resource): readonly RouteParent[] {
  const namespace = mesh.namespaceOf(route);
  const hostnames = route.kind === 'TCPRoute' ? ['*'] : routeHostnames(route);
  const attaching: Attaching = { kind: route.kind, namespace, hostnames };
  const parents = listAt(route.object, 'spec', 'parentRefs').flatMap((ref) => {
    if ((stringAt(ref, 'group') ?? group) !== group) return [];
    const home = stringAt(ref, 'namespace') ?? namespace;
    const key = `${stringAt(ref, 'kind') ?? 'Gateway'}/${home}/${stringAt(ref, 'name') ?? ''}`;
    const listeners = listenersByOwner(mesh).get(key) ?? [];
    return listeners
      .filter((listener) => takes(listener, ref, attaching))
      .map((listener) => ({ listener, neighbours: neighboursOf(listener, listeners) }));
  });
  return parents.sort((a, b) => compareIds(a.listener.config.id, b.listener.config.id));
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** True unless a more exact listener beside this one takes the name (hostnameAllowedByIsolation). */
export function keepsName({ listener, neighbours }: RouteParent, host: string): boolean {
  const own = listener.hostname;
  if (own !== '' && !own.startsWith('*')) return true;
  if (own !== '' && !overlaps(host, own)) return false;
  return neighbours.every((other) => own.length > other.length || !isSubset(host, other));
}
