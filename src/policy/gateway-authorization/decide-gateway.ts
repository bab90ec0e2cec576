import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import { connectTo, enterChain, stream } from '#policy/gateway/connect.js';
import type { GatewayPod } from '#policy/gateway/connect.js';
import type { ConnectionDecision } from '#policy/gateway/connection-decision.js';
import type { FilterChain } from '#policy/gateway/filter-chain.js';
import { openEvidence } from '#policy/gateway/open-evidence.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { receiverOf, workloadOf } from '#policy/request/receiver.js';
import { wrongAudience } from '#policy/request/verify-tokens.js';
import type { Trace } from '#policy/request/trace.js';
import type { GatewayDecision, GatewayStep } from './gateway-decision.js';
import type { GatewayOptions, GatewayProbe } from './gateway-probe.js';
import { requestOf } from './passage.js';
import type { GatewayPassage } from './passage.js';
import { wantsProxyProtocol } from './peer.js';
import { throughHttp, throughStream } from './through-gateway.js';
import type { Passed } from './through-gateway.js';
import { upstreamOf } from './upstream.js';

const nowhere = {
  stage: undefined,
  by: undefined,
  destination: undefined,
  clusters: [],
  forwarded: undefined,
  status: undefined,
  upstreamPath: undefined,
  upstreamHost: undefined,
  decidedBy: undefined,
  chain: [],
  path: { listener: undefined, chain: undefined, virtualHost: undefined, route: undefined },
} as const;

function undecided(missing: readonly MissingEvidence[]): GatewayDecision {
  return { ...nowhere, outcome: 'unknown', missing };
}

function noteOf({ considered, outcome }: ConnectionDecision): string {
  return considered[0]?.note ?? outcome;
}

/** A connection that no filter has a say in. */
function unfiltered(mesh: Mesh, decision: ConnectionDecision, stage: GatewayStep['stage']): GatewayDecision {
  const { destination, clusters, status, decidedBy, path, outcome } = decision;
  const missing = openEvidence(mesh, decision);
  const ends = destination === undefined ? 'denied' : 'passed';
  const step: GatewayStep = { stage, outcome: ends, note: noteOf(decision), at: decidedBy };
  return {
    ...nowhere,
    outcome: missing.length > 0 ? 'unknown' : outcome,
    destination,
    clusters,
    status,
    decidedBy,
    chain: [step],
    path,
    missing,
  };
}

function connectionStep({ mode, servers }: FilterChain): GatewayStep {
  const note = `a ${mode} server takes the connection`;
  return { stage: 'connection', outcome: 'passed', note, at: servers[0]?.server.at };
}

/** An answer of the filters: 401 of the token filter, 403 of the others, a closed connection where no HTTP is read. */
function refused({ decision, onward, request }: Passed, first: GatewayStep): GatewayDecision {
  const { stage, by, chain } = decision;
  const status = stage === 'jwt' && chain.at(-1)?.note !== wrongAudience ? 401 : 403;
  return {
    ...nowhere,
    outcome: 'denied',
    stage,
    by,
    status: request === undefined ? undefined : status,
    decidedBy: chain.at(-1)?.at,
    chain: [first, ...chain],
    path: onward.path,
    missing: [],
  };
}

function letThrough(mesh: Mesh, { decision, onward, request }: Passed, first: GatewayStep): GatewayDecision {
  const { destination, clusters, status, decidedBy, path, outcome } = onward;
  const missing = uniqueEvidence([...decision.missing, ...openEvidence(mesh, onward)]);
  const known = missing.length === 0 && decision.verdict === 'allowed';
  const upstream =
    request !== undefined && path.route !== undefined && destination !== undefined
      ? upstreamOf(path.route, request)
      : undefined;
  const ends = destination === undefined ? 'denied' : 'passed';
  const last: GatewayStep = {
    stage: 'route',
    outcome: known ? ends : 'unknown',
    note: noteOf(onward),
    at: decidedBy,
  };
  return {
    ...nowhere,
    outcome: known ? outcome : 'unknown',
    destination,
    clusters,
    forwarded: destination === undefined ? undefined : request,
    status,
    upstreamPath: upstream?.path,
    upstreamHost: upstream?.host,
    decidedBy,
    chain: [first, ...decision.chain, last],
    path,
    missing,
  };
}

/** A peer that leaves the PROXY protocol header out is not listened to (filters.ProxyProtocol in pilot/pkg/xds/filters). */
function withoutProxyHeader(probe: GatewayProbe): GatewayDecision {
  const note = 'the listener waits for a PROXY protocol header';
  const step: GatewayStep = { stage: 'connection', outcome: 'denied', note, at: undefined };
  return {
    ...nowhere,
    outcome: probe.tls === undefined ? 'closed' : 'tls-refused',
    chain: [step],
    missing: [],
  };
}

/** What the filters of the chain make of the connection; undefined where the proxy answers before them. */
function passFilters(passage: GatewayPassage): Passed | undefined {
  const { entered, probe } = passage;
  if (entered.chain.application.kind === 'tcp') return throughStream(passage);
  return probe.http === undefined ? undefined : throughHttp(passage, probe.http);
}

function decideAt(
  policies: EffectivePolicies,
  pod: GatewayPod,
  { probe, options }: { readonly probe: GatewayProbe; readonly options: GatewayOptions },
): GatewayDecision {
  const { mesh } = pod;
  const opened = enterChain(pod, probe);
  const isDeaf = wantsProxyProtocol(pod) && probe.proxyProtocol === undefined;
  if ('ended' in opened) return unfiltered(mesh, opened.ended, 'connection');
  if (isDeaf) return withoutProxyHeader(probe);
  const { entered } = opened;
  // No authorization is built for these servers (buildGatewayNetworkFiltersFromTLSRoutes in pilot/pkg/networking/core/gateway.go).
  if (entered.chain.mode === 'AUTO_PASSTHROUGH')
    return unfiltered(mesh, stream(entered, probe.tls !== undefined), 'route');
  const receiver = receiverOf(policies, probe.gateway);
  if (receiver === undefined) return undecided([{ key: 'workload', text: `workload ${probe.gateway}` }]);
  const trace: Trace = { chain: [], missing: [], unguarded: [] };
  const request = requestOf(pod, probe);
  const passed = passFilters({ pod, receiver, entered, probe, request, options, trace });
  if (passed === undefined) return unfiltered(mesh, connectTo(pod, probe), 'connection');
  const first = connectionStep(entered.chain);
  return passed.decision.verdict === 'denied' ? refused(passed, first) : letThrough(mesh, passed, first);
}

/**
 * What becomes of a connection at a gateway pod and of the request in it: listener, filter chain and handshake, then the
 * filters CUSTOM, tokens, DENY and ALLOW, then the route. An external authorizer is not asked about a request that has no
 * route yet, as where all routes ask for claims of a token. Denied is certain; everything else is unknown as soon as
 * something that decides is missing.
 */
export function decideGateway(
  policies: EffectivePolicies,
  probe: GatewayProbe,
  options: GatewayOptions = {},
): GatewayDecision {
  const workload = workloadOf(policies, probe.gateway);
  if (workload === undefined) return undecided([{ key: 'workload', text: `workload ${probe.gateway}` }]);
  const listeners = policies.gatewayListeners(workload);
  if (!listeners.known) return undecided(listeners.missing);
  const view = policies.seenBy(workload);
  const pod: GatewayPod = { mesh: view.mesh, workload, listeners: listeners.value };
  return decideAt(view, pod, { probe, options });
}
