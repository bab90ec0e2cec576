import type { FieldRef } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { HttpRequest } from '#policy/request/access-request.js';
import { pathSettingsOf } from '#policy/request/path-settings.js';
import { answerRequest } from './answer-request.js';
import { chooseFilterChain, listenerAt } from './choose-filter-chain.js';
import { chooseRoute, chooseVirtualHost } from './choose-route.js';
import type { RoutedRequest } from './choose-route.js';
import type { Cluster } from './cluster.js';
import type { ConnectionDecision, ConnectionOutcome, ConnectionPath } from './connection-decision.js';
import type { ConnectionProbe } from './connection-probe.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';
import type { GatewayListeners } from './gateway-listeners.js';
import { trustedProxiesOf } from './gateway-topology.js';
import { handshakeFailure } from './handshake.js';
import { prepareRequest } from './prepare-request.js';
import type { Turned } from './prepare-request.js';

/** A gateway pod with its listeners. */
export interface GatewayPod {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly listeners: GatewayListeners;
}

const nowhere: ConnectionPath = {
  listener: undefined,
  chain: undefined,
  virtualHost: undefined,
  route: undefined,
};

/** The filter chain that takes a connection. */
export interface Entered {
  readonly chain: FilterChain;
  readonly listener: GatewayListener;
}

interface End {
  readonly outcome: ConnectionOutcome;
  readonly note: string;
  readonly path: ConnectionPath;
  readonly by?: FieldRef | undefined;
  readonly status?: number | undefined;
  readonly clusters?: readonly Cluster[];
  readonly byChance?: boolean;
}

function end({ outcome, note, path, by, status, clusters = [], byChance = false }: End): ConnectionDecision {
  const [first] = clusters;
  const missing = byChance ? [{ key: 'chance', text: 'which share of the traffic this request is in' }] : [];
  return {
    outcome: byChance ? 'unknown' : outcome,
    destination: first && { host: first.host, port: first.port, subset: first.subset },
    clusters,
    status,
    decidedBy: by,
    considered: by === undefined ? [] : [{ at: by, note }],
    path,
    missing,
  };
}

function serverOf(chain: FilterChain): FieldRef | undefined {
  return chain.servers[0]?.server.at;
}

/** Bytes go on as they are; without a destination the connection ends. */
export function stream({ chain, listener }: Entered, tls: boolean): ConnectionDecision {
  const { application, tls: terminated } = chain;
  const path: ConnectionPath = { ...nowhere, chain, listener };
  const clusters = application.kind === 'tcp' ? application.clusters : [];
  const by = application.kind === 'tcp' ? application.rule : undefined;
  const reached = clusters.filter(({ service }) => service !== undefined);
  const unopened = tls && terminated === undefined;
  if (reached.length === 0) {
    const outcome = unopened ? 'tls-refused' : 'closed';
    return end({ outcome, note: 'the gateway knows no such destination', path, by });
  }
  const byChance = reached.length < clusters.length;
  const outcome = unopened ? 'passthrough' : 'tcp';
  return end({ outcome, note: 'the rule takes the connection', path, by, clusters: reached, byChance });
}

/** What becomes of a request that a chain's routes are asked for. Exported for what policies have to say in between. */
export function routeRequest(
  chain: FilterChain,
  request: RoutedRequest,
): Pick<ConnectionPath, 'virtualHost' | 'route'> {
  const hosts = chain.application.kind === 'http' ? chain.application.virtualHosts : [];
  const virtualHost = chooseVirtualHost(hosts, request.host);
  const skipsRoutes = virtualHost?.requiresTls === true && request.scheme === 'http';
  return {
    virtualHost,
    route: virtualHost === undefined || skipsRoutes ? undefined : chooseRoute(virtualHost, request),
  };
}

/** A request as the routes of a chain see it, or the status that the proxy turns it away with. */
export function requestAt(
  { mesh, workload }: GatewayPod,
  chain: FilterChain,
  http: HttpRequest,
): RoutedRequest | Turned {
  return prepareRequest(http, {
    paths: pathSettingsOf(mesh, workload, 'gateway'),
    scheme: chain.tls === undefined ? 'http' : 'https',
    tokens: [],
    trustedProxies: trustedProxiesOf(mesh, workload),
  });
}

/** What the routes that were chosen for a request make of it. */
export function answerAt(
  entered: Entered,
  chosen: Pick<ConnectionPath, 'virtualHost' | 'route'>,
  request: RoutedRequest,
): ConnectionDecision {
  const answer = answerRequest(chosen, request);
  return end({
    ...answer,
    by: answer.by ?? serverOf(entered.chain),
    path: { ...nowhere, ...entered, ...chosen },
  });
}

function respond(
  pod: GatewayPod,
  given: Entered,
  probe: ConnectionProbe,
  claims: JsonObject | undefined,
): ConnectionDecision {
  const { chain } = given;
  const path: ConnectionPath = { ...nowhere, ...given };
  if (probe.http === undefined) return end({ outcome: 'http-only', note: 'the bytes are not HTTP', path });
  const prepared = requestAt(pod, chain, probe.http);
  if ('turned' in prepared) {
    const outcome = prepared.status === 307 ? 'redirect' : 'response';
    const note = 'the proxy answers the request before any route is looked at';
    return end({ outcome, status: prepared.status, note, path });
  }
  const request = { ...prepared, claims };
  return answerAt(given, routeRequest(chain, request), request);
}

/** A TLS client at a chain that ends no TLS is lost on HTTP; a plaintext client at one that does is closed. */
function turnedAway(given: Entered, probe: ConnectionProbe): ConnectionDecision | undefined {
  const { chain } = given;
  const path: ConnectionPath = { ...nowhere, ...given };
  const by = serverOf(chain);
  const isTls = probe.tls !== undefined;
  if (chain.tls !== undefined && !isTls)
    return end({ outcome: 'closed', note: 'plaintext at a TLS port', path, by });
  if (chain.tls !== undefined) {
    const failure = handshakeFailure(chain, probe.tls?.certificate);
    // In TLS 1.3 a client learns of its bad certificate only when it waits for an answer.
    const late = failure?.cause === 'client-certificate' && probe.http === undefined;
    if (failure !== undefined)
      return end({ outcome: late ? 'closed' : 'tls-refused', note: failure.reason, path, by });
  }
  if (chain.application.kind === 'http' && isTls && chain.tls === undefined)
    return end({ outcome: 'tls-refused', note: 'the port speaks HTTP without TLS', path, by });
  return undefined;
}

/** Listener, filter chain and handshake: the chain whose filters see the connection, or the end of it. */
export function enterChain(
  pod: GatewayPod,
  probe: ConnectionProbe,
): { readonly ended: ConnectionDecision } | { readonly entered: Entered } {
  const listener = listenerAt(pod.listeners.listeners, probe.port);
  if (listener === undefined)
    return { ended: end({ outcome: 'no-listener', note: 'nothing listens on the port', path: nowhere }) };
  const path: ConnectionPath = { ...nowhere, listener };
  const by = listener.chains[0] && serverOf(listener.chains[0]);
  if (listener.rejected !== undefined)
    return { ended: end({ outcome: 'listener-rejected', note: listener.rejected, path, by }) };
  const chain = chooseFilterChain(listener, probe.tls);
  if (chain === undefined) {
    const outcome = probe.tls === undefined ? 'closed' : 'tls-refused';
    return { ended: end({ outcome, note: 'no server for that name', path, by }) };
  }
  const entered = { chain, listener };
  const ended = turnedAway(entered, probe);
  return ended === undefined ? { entered } : { ended };
}

/**
 * What becomes of a connection at a gateway pod: listener, filter chain, handshake, virtual host, route, destination;
 * policies are not asked. Claims are those of a verified token, for routes that ask for some.
 */
export function connectTo(pod: GatewayPod, probe: ConnectionProbe, claims?: JsonObject): ConnectionDecision {
  const opened = enterChain(pod, probe);
  if ('ended' in opened) return opened.ended;
  const { entered } = opened;
  if (entered.chain.application.kind === 'tcp') return stream(entered, probe.tls !== undefined);
  return respond(pod, entered, probe, claims);
}
