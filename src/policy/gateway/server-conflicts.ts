import type { FieldRef } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { namesFor, overlaps, splitNamespace } from './host-name.js';
import type { GatewayPods } from './gateway-pods.js';
import type { MergedServer, SkippedServer } from './merge-servers.js';
import { isHttp } from './server.js';

/** A server that is left out because of another one on the same pods. */
export interface LostServer {
  readonly lost: SkippedServer;
  readonly rival: MergedServer;
  /** True when the manifests tell which of the two is older, or both stand in one Gateway. */
  readonly decided: boolean;
}

/** A port that one server opens for TLS and another one in plaintext. */
export interface MixedPort {
  readonly port: number;
  readonly plaintext: FieldRef;
  readonly encrypted: FieldRef;
  /** `open`: both are served; `closed`: the TLS server is left out; `either`: that depends on which is older. */
  readonly effect: 'open' | 'closed' | 'either';
}

type Placed = Pick<MergedServer, 'config' | 'server'>;

const created = ({ config }: Placed): string | undefined =>
  stringAt(config.resource.object, 'metadata', 'creationTimestamp');

function isDecided(a: Placed, b: Placed): boolean {
  if (a.config.resource === b.config.resource) return true;
  return created(a) !== undefined && created(b) !== undefined && created(a) !== created(b);
}

function sharesName(a: Placed, b: Placed): boolean {
  const names = new Set(a.server.hosts);
  return b.server.hosts.some((host) => names.has(host));
}

function servedOn({ listeners }: GatewayPods, port: number): readonly MergedServer[] {
  if (!listeners.known) return [];
  return listeners.value.merged.groups
    .filter((group) => group.port === port)
    .flatMap(({ servers }) => servers);
}

/** Servers left out for one that has their host name or port; what mixes TLS and plaintext is not among them. */
export function lostServers(pods: GatewayPods): readonly LostServer[] {
  if (!pods.listeners.known) return [];
  return pods.listeners.value.merged.skipped.flatMap((lost) => {
    const others = servedOn(pods, lost.port).filter(
      ({ server }) => server.at !== lost.server.at && server.bind === lost.server.bind,
    );
    const alike = others.filter(({ server }) => isHttp(server.protocol) === isHttp(lost.server.protocol));
    const rival = alike.find((other) => sharesName(other, lost)) ?? alike[0];
    return rival === undefined ? [] : [{ lost, rival, decided: isDecided(lost, rival) }];
  });
}

/** Ports of gateway pods on which TLS and plaintext meet (mergeGateways in pilot/pkg/model/gateway.go). */
export function mixedPorts(pods: GatewayPods): readonly MixedPort[] {
  if (!pods.listeners.known) return [];
  const { groups, skipped } = pods.listeners.value.merged;
  return [...new Set(groups.map(({ port }) => port))].flatMap((port): readonly MixedPort[] => {
    const served = servedOn(pods, port);
    const plain = served.find(({ server }) => isHttp(server.protocol));
    if (plain === undefined) return [];
    const isTls = ({ server }: Placed): boolean =>
      server.tls !== undefined && !isHttp(server.protocol) && server.bind === plain.server.bind;
    const both = served.find(isTls);
    const dropped = skipped.find((one) => one.port === port && isTls(one));
    const other = both ?? dropped;
    if (other === undefined) return [];
    const effect = !isDecided(plain, other) ? 'either' : both === undefined ? 'closed' : 'open';
    return [{ port, plaintext: plain.server.at, encrypted: other.server.at, effect }];
  });
}

/** Whether a server takes routes for a name from a namespace. */
export function takesRoute({ server }: Placed, namespace: string, host: string): boolean {
  return namesFor(namespace, server.hosts).some((name) => overlaps(name, host));
}

/** The names of a server, without the namespaces that may serve them. */
export function plainNames({ server }: Placed): readonly string[] {
  return server.hosts.map((host) => splitNamespace(host).name);
}
