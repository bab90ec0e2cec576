import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import { isSubset, overlaps } from '#policy/gateway/host-name.js';
import type { RegistryService } from './registry-service.js';

/** Hosts that a listener takes in, or leaves out, of one namespace (or of all of them). */
interface HostList {
  readonly hosts: Set<string>;
  readonly excluded: Set<string>;
}

/** One `egress` entry of a Sidecar: which services and routes clients get through it. */
export interface EgressListener {
  /** Services must have this port, and are cut down to it; undefined: any. */
  readonly port: number | undefined;
  /** True when all hosts are exact and of named namespaces: istiod then looks them up one by one. */
  readonly exact: boolean;
  readonly lists: ReadonlyMap<string, HostList>;
}

const all = '*';

/** A listener with a port takes in only that port, unless it is an HTTP proxy (needsPortMatch in pilot/pkg/model/sidecar.go). */
function portOf(entry: JsonValue): number | undefined {
  const number = valueAt(entry, ['port', 'number']);
  const protocol = (stringAt(entry, 'port', 'protocol') ?? '').toLowerCase();
  return typeof number === 'number' && number !== 0 && protocol !== 'http_proxy' ? number : undefined;
}

/** Reads `namespace/host` entries; a namespace that begins with `~` excludes, `.` is the client's own. */
function listener(hosts: readonly string[], port: number | undefined, client: string): EgressListener {
  const lists = new Map<string, HostList>();
  let exact = true;
  for (const written of hosts) {
    const [place = '', host, ...rest] = written.split('/');
    if (host === undefined || rest.length > 0) continue;
    const excludes = place.startsWith('~');
    const named = excludes ? (place === '~' ? all : place.slice(1)) : place;
    const namespace = named === '.' ? client : named;
    const list = getOrMake(lists, namespace, () => ({ hosts: new Set(), excluded: new Set() }));
    (excludes ? list.excluded : list.hosts).add(host);
    if (!excludes && (host.startsWith('*') || namespace === all)) exact = false;
  }
  return { port, exact, lists };
}

/**
 * The egress listeners of a client's Sidecar; without a Sidecar, or with one that lists none, everything is taken in
 * (initSidecarScopeInternalIndexes and convertIstioListenerToWrapper in pilot/pkg/model/sidecar.go).
 */
export function egressListeners(sidecar: Resource | undefined, client: string): readonly EgressListener[] {
  const entries = listAt(sidecar?.object, 'spec', 'egress').filter((entry) => objectAt(entry) !== undefined);
  if (entries.length === 0) return [listener(['*/*'], undefined, client)];
  return entries.map((entry) => listener(stringsAt(entry, 'hosts'), portOf(entry), client));
}

function excludes(list: HostList | undefined, host: string): boolean {
  return list !== undefined && [...list.excluded].some((one) => isSubset(host, one));
}

function takesIn(list: HostList | undefined, host: string): boolean {
  if (list === undefined) return false;
  return list.hosts.has(host) || [...list.hosts].some((one) => isSubset(host, one));
}

/** A service cut down to one port, or undefined when it does not have it. */
export function withPort(service: RegistryService, port: number): RegistryService | undefined {
  const own = service.ports.filter(({ number }) => number === port).slice(0, 1);
  return own.length === 0 ? undefined : { ...service, ports: own };
}

/** The service as the listener takes it in (selectServices in pilot/pkg/model/sidecar.go). */
export function importService(
  { lists, port }: EgressListener,
  service: RegistryService,
): RegistryService | undefined {
  const { host, namespace } = service;
  const [own, everywhere] = [lists.get(namespace), lists.get(all)];
  if (excludes(own, host) || excludes(everywhere, host)) return undefined;
  if (!takesIn(own, host) && !takesIn(everywhere, host)) return undefined;
  return port === undefined ? service : withPort(service, port);
}

/**
 * True when the listener takes in routes of a namespace for one of these hosts. Routes of VirtualServices are taken in
 * when the hosts overlap in either direction (VSMatches in pilot/pkg/model/sidecar.go).
 */
export function importsRoutes(
  { lists }: EgressListener,
  { namespace, hosts }: { readonly namespace: string; readonly hosts: readonly string[] },
): boolean {
  const [own, everywhere] = [lists.get(namespace), lists.get(all)];
  const wanted = [...(own?.hosts ?? []), ...(everywhere?.hosts ?? [])];
  return hosts.some(
    (host) =>
      wanted.some((one) => overlaps(host, one)) && !excludes(own, host) && !excludes(everywhere, host),
  );
}
