import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { Cluster } from '#policy/gateway/cluster.js';
import { gatewayProbe, served } from '#policy/gateway-authorization/gateway-access.js';
import type { GatewayDecision } from '#policy/gateway-authorization/gateway-decision.js';
import { upstreamRequest } from '#policy/gateway-authorization/upstream-request.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { podIp } from '#policy/request/receiver.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import { atGateway, proxyOf } from './access-decision.js';
import type { AccessDecision, AccessStep } from './access-decision.js';
import type { Connection } from './caller.js';
import { connectionFor } from './connect.js';
import type { Reached } from './connect.js';
import { decideAccess } from './decide-access.js';
import type { GatewayEntry } from './gateway-entry.js';
import type { Target } from './target.js';

/** A request at the door of a gateway, and where it is to end up. */
export interface GatewayCall {
  readonly entry: GatewayEntry;
  /** Its `to` is the target; what is said of the connection is the client's own to the gateway. */
  readonly request: AccessRequest;
  readonly target: Target;
  readonly options: DecideOptions;
}

/** A decision, and how the gateway connects to the target where it does. */
export interface Forwarded {
  readonly decision: AccessDecision;
  readonly onward: string | undefined;
}

interface Hop extends GatewayCall {
  readonly decision: GatewayDecision;
}

/** Services of the input that a destination's host stands for, as the target's Service. */
function serviceOf({ mesh }: EffectivePolicies, { host, port: number }: Cluster): Target['via'] {
  const service = mesh.services.find((each) => each.host === host);
  const port = service?.ports.find((each) => each.number === number);
  return service === undefined || port === undefined ? undefined : { service, port };
}

/** What goes on to the pod: HTTP as the route has changed it; else the bytes, which are not HTTP where TLS is left unopened. */
function sentOn(
  { request, decision }: Hop,
  cluster: Cluster,
): { readonly request: Pick<AccessRequest, 'http' | 'tokens'>; readonly unsure: readonly MissingEvidence[] } {
  const { forwarded, outcome, path } = decision;
  const { http, tokens } = request;
  if (forwarded === undefined || path.route === undefined)
    return {
      request: outcome === 'passthrough' ? { http: undefined, tokens: [] } : { http, tokens },
      unsure: [],
    };
  const { unsure, ...upstream } = upstreamRequest(forwarded, tokens, { route: path.route, cluster });
  const text = `values that the gateway gives to ${unsure.join(', ')}`;
  return { request: upstream, unsure: unsure.length === 0 ? [] : [{ key: 'request', text }] };
}

/** Unopened TLS is the client's own, unless the gateway wraps it up; AUTO_PASSTHROUGH hands on the mesh's own TLS. */
function clientOf({ request, decision }: Hop, way: Connection): Pick<AccessRequest, 'from' | 'sni'> {
  const isAuto = decision.path.chain?.mode === 'AUTO_PASSTHROUGH';
  const isRaw = decision.outcome === 'passthrough' && way.client.kind === 'plaintext';
  if (isAuto || isRaw) {
    const from = isAuto ? request.from : ({ kind: 'foreign-tls' } as const);
    return { from, sni: request.sni };
  }
  return { from: way.client, sni: way.sni };
}

function decideWay(
  policies: EffectivePolicies,
  hop: Hop,
  { way, cluster, port }: { readonly way: Connection; readonly cluster: Cluster; readonly port: number },
): AccessDecision {
  const { target, entry, options, request } = hop;
  const { request: sent, unsure } = sentOn(hop, cluster);
  const ip = podIp(entry.gateway);
  const onward: AccessRequest = {
    id: request.id,
    ...clientOf(hop, way),
    ip,
    to: { ...request.to, port },
    ...sent,
  };
  const via = serviceOf(policies, cluster) ?? target.via;
  const decision = decideAccess(policies, onward, { via, through: 'gateway', options });
  if (unsure.length === 0 || decision.verdict === 'denied') return decision;
  return { ...decision, verdict: 'unknown', missing: uniqueEvidence([...unsure, ...decision.missing]) };
}

/** Ways that end alike make one decision. */
function agree(
  decisions: readonly AccessDecision[],
  missing: readonly MissingEvidence[],
): AccessDecision | undefined {
  const [first] = decisions;
  if (first === undefined || decisions.every(({ verdict }) => verdict === first.verdict)) return first;
  const all = uniqueEvidence([...missing, ...decisions.flatMap((decision) => decision.missing)]);
  return { ...first, verdict: 'unknown', stage: undefined, by: undefined, missing: all };
}

/** What the target's pods make of what one destination of the route gets; undefined: it does not lead there. */
function atDestination(policies: EffectivePolicies, hop: Hop, cluster: Cluster): Forwarded | undefined {
  const { entry, target } = hop;
  const { host, port, subset } = cluster;
  const view = policies.seenBy(entry.gateway);
  const tls = view.clientTls(entry.gateway, { host, port, subset });
  const isService = target.via?.service.host === host && target.via.port.number === port;
  const endpoints = tls.known ? tls.value.endpoints : [];
  const own = endpoints.find(({ workload }) => workload?.id === target.workload.id);
  // Without endpoints of its own a destination is judged by its Service.
  const reached = own?.port ?? (endpoints.length === 0 && isService ? target.port : undefined);
  if (reached !== target.port) return undefined;
  const to: Reached = { workload: target.workload, port: reached };
  const { ways, missing } = tls.known
    ? connectionFor(view, entry.gateway, { tls: tls.value, target: to })
    : { ways: [], missing: tls.missing };
  const decisions = ways.map((way) => decideWay(policies, hop, { way, cluster, port: reached }));
  const decision = agree(decisions, missing) ?? undecided(missing);
  return { decision, onward: ways.map(({ note }) => note).join('; or ') };
}

function undecided(missing: readonly MissingEvidence[]): AccessDecision {
  return { verdict: 'unknown', stage: undefined, by: undefined, chain: [], missing };
}

const shares: MissingEvidence = {
  key: 'chance',
  text: 'which destination of the route this request gets: they do not agree',
};

function leadsElsewhere({ decision, target }: Hop, chain: readonly AccessStep[]): AccessDecision {
  const names = decision.clusters.map(({ host, port }) => `${host}:${String(port)}`);
  const note = `the route leads to ${[...new Set(names)].join(', ')}, not to ${target.workload.id}:${String(target.port)}`;
  const proxy = chain.at(-1)?.proxy ?? '';
  const step: AccessStep = { stage: 'route', outcome: 'denied', note, at: decision.decidedBy, proxy };
  return { verdict: 'denied', stage: 'route', by: undefined, chain: [...chain, step], missing: [] };
}

/**
 * What becomes of a request that comes in by a gateway: listener, handshake, filters and route of the gateway, then the
 * connection that it opens, with its own identity or none, up to the pods of the target. Weighted destinations that lead
 * elsewhere are left out: what is told is whether requests get there.
 */
export function decideThroughGateway(policies: EffectivePolicies, call: GatewayCall): Forwarded {
  const { entry, request, options } = call;
  const { gateway, port } = entry;
  const { trustDomain } = policies.seenBy(gateway).mesh.settings;
  const to = { namespace: gateway.namespace, workload: gateway.id.slice(gateway.namespace.length + 1), port };
  const probe = gatewayProbe({ ...request, to }, trustDomain);
  const decision = policies.gatewayRequest(probe, options);
  const hop: Hop = { ...call, decision };
  const first = atGateway(decision, proxyOf.gateway(`${gateway.id}:${String(port)}`));
  if (decision.outcome === 'unknown' || !served.has(decision.outcome))
    return { decision: first, onward: undefined };
  const results = decision.clusters
    .map((cluster) => atDestination(policies, hop, cluster))
    .filter((result) => result !== undefined);
  const { chain } = first;
  const last = agree(
    results.map((result) => result.decision),
    [shares],
  );
  if (last === undefined) return { decision: leadsElsewhere(hop, chain), onward: undefined };
  return { decision: { ...last, chain: [...chain, ...last.chain] }, onward: results[0]?.onward };
}
