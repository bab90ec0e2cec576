import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { addressText, isAny, isLoopback } from './address.js';
import { agentsOf, isRunning } from './agent.js';
import { asksRight } from './answering-product.js';
import type { Agent, Listening } from './agent.js';
import type { Arrival } from './arrivals.js';
import { istioCluster, mayUpgrade, patchesThatAdd } from './call.js';
import type { Call } from './call.js';
import { fieldOf } from './field-of.js';
import { gapOf, onFailure } from './gap.js';
import type { InspectionGap } from './inspection.js';
import { injectedAgent, otherPortOfService } from './near-misses.js';
import type { WafProduct } from './product.js';
import type { WafContext } from './waf-context.js';

/** How far the way from a filter to an engine is proven. */
export interface Wiring {
  readonly gaps: readonly InspectionGap[];
  readonly missing: readonly MissingEvidence[];
  /** Containers that answer. */
  readonly agents: readonly Agent[];
}

/** A filter that calls an engine of a product. */
export interface CallingFilter {
  readonly filter: ProxyFilter;
  readonly product: WafProduct;
  readonly call: Call;
}

/** Where people find what the filter calls. */
function calledAt({ mesh }: WafContext, filter: ProxyFilter): FieldRef | undefined {
  const ways = [
    ['grpc_service', 'envoy_grpc', 'cluster_name'],
    ['grpc_service', 'google_grpc', 'target_uri'],
    ['http_service', 'server_uri', 'cluster'],
  ];
  const found = ways.flatMap((steps) => fieldOf(mesh, filter, steps) ?? []);
  return found.reduce<FieldRef | undefined>(
    (best, one) => (best === undefined || one.path.length > best.path.length ? one : best),
    undefined,
  );
}

/** True when what listens there is reached: from outside of the pod a loopback address is not. */
function isReached({ address }: Listening, arrival: Arrival): boolean {
  if (address === undefined) return true;
  if (address.socket !== undefined || arrival.socket !== undefined) return address.socket === arrival.socket;
  if (address.port !== arrival.port) return false;
  const host = address.host ?? '';
  if (isAny(host)) return true;
  return isLoopback(host) === arrival.ownPod;
}

/** A mode as messages name it, beside one that is asked for over HTTP. */
function modeText({ mode }: Listening): string {
  return mode === 'ext_authz' || mode === 'ext_proc' ? `${mode} over gRPC` : mode;
}

function listensText({ listening }: Agent): string {
  return [
    ...new Set(listening.flatMap(({ address }) => (address === undefined ? [] : addressText(address)))),
  ].join(', ');
}

/** True for agents of which manifests tell neither how they listen nor what they do. */
function isOfConsole({ agent }: WafProduct): boolean {
  return agent?.unproven === true && agent.listeners === undefined && agent.defaultMode === undefined;
}

/** Why an agent that is there does not answer the call; undefined: it does. */
function obstacle(
  context: WafContext,
  { filter, product, call }: CallingFilter,
  { agent, arrival }: { readonly agent: Agent; readonly arrival: Arrival },
): InspectionGap | undefined {
  const { container, listening } = agent;
  const failing = { onFailure: onFailure(filter) };
  const isForeign = !call.grpc && product.agent?.takesHttp !== true;
  const fitting = isForeign ? [] : listening.filter((one) => asksRight(one, call));
  if (fitting.some((one) => isReached(one, arrival)) || isOfConsole(product)) return undefined;
  const filterAt = calledAt(context, filter) ?? agent.at;
  if (listening.length === 0)
    return gapOf('agent-without-mode', product, {
      at: agent.at,
      related: [filterAt],
      note: `container ${container.name} runs in no mode in which it takes requests`,
      data: { container: container.name },
    });
  const [other] = listening;
  const way = isForeign ? `${call.mode} over HTTP` : call.mode;
  if (fitting.length === 0 && other !== undefined)
    return gapOf('agent-mode-mismatch', product, {
      at: other.at,
      related: [filterAt],
      note: `the filter asks by ${way}, container ${container.name} takes requests as ${modeText(other)}`,
      data: { container: container.name, mode: modeText(other), asked: way, ...failing },
    });
  const at = call.cluster?.at ?? filterAt;
  return gapOf('address-mismatch', product, {
    at,
    related: [...fitting.map((one) => one.at), filterAt],
    note: `the filter calls ${call.address}, container ${container.name} listens on ${listensText(agent)}`,
    data: {
      cluster: call.clusterName ?? call.address,
      address: call.address,
      listens: listensText(agent),
      ...failing,
    },
  });
}

/** A container that might be the engine in an image of one's own: it declares the port, and nothing says what it runs. */
function mayBeAgent(arrival: Arrival): string | undefined {
  const { workload, port } = arrival;
  return workload.containers
    .filter(isRunning)
    .find(({ ports }) => ports.some(({ number }) => number === port))?.name;
}

function withoutAgent(
  context: WafContext,
  { filter, product, call }: CallingFilter,
  arrivals: readonly Arrival[],
): Wiring {
  const candidate = arrivals.map(mayBeAgent).find((name) => name !== undefined);
  if (candidate !== undefined && product.agent !== undefined)
    return { gaps: [], missing: [{ key: 'agent', text: `what container ${candidate} runs` }], agents: [] };
  const injected = injectedAgent(context, product, arrivals);
  if (injected !== undefined) return { gaps: [], missing: [injected], agents: [] };
  const at = calledAt(context, filter) ?? filter.addedBy;
  if (at === undefined) return { gaps: [], missing: [], agents: [] };
  const missed = otherPortOfService(context, { product, call, at });
  if (missed !== undefined) return { gaps: [missed], missing: [], agents: [] };
  const gap = gapOf('filter-without-agent', product, {
    at,
    related: call.cluster?.at === undefined ? [] : [call.cluster.at],
    note: `no agent of ${product.name} is at ${call.address}`,
    data: { address: call.address, onFailure: onFailure(filter) },
  });
  return { gaps: [gap], missing: [], agents: [] };
}

/** Engines that answer, and of which only a console outside of the cluster tells what they do. */
function consoles(agents: readonly Agent[]): readonly MissingEvidence[] {
  return agents
    .filter(({ product }) => product.agent?.unproven === true)
    .map(({ product: { name } }) => ({
      key: 'console',
      text: `what ${name} is told to inspect, in its console`,
    }));
}

/** The agents that a call arrives at; for a product without any mark of an agent, that it arrives is all there is to prove. */
function answering(context: WafContext, calling: CallingFilter, arrivals: readonly Arrival[]): Wiring {
  const { product } = calling;
  if (product.agent === undefined && arrivals.length > 0) return { gaps: [], missing: [], agents: [] };
  const met = arrivals.flatMap((arrival) =>
    agentsOf(context, arrival.workload)
      .filter((agent) => agent.product === product)
      .map((agent) => ({ agent, gap: obstacle(context, calling, { agent, arrival }) })),
  );
  if (met.length === 0) return withoutAgent(context, calling, arrivals);
  const good = met.filter(({ gap }) => gap === undefined).map(({ agent }) => agent);
  if (good.length > 0) return { gaps: [], missing: consoles(good), agents: good };
  const missing = met.flatMap(({ agent }) => agent.missing);
  if (missing.length > 0) return { gaps: [], missing, agents: [] };
  return { gaps: met.flatMap(({ gap }) => gap ?? []).slice(0, 1), missing: [], agents: [] };
}

function noCluster(
  { mesh }: WafContext,
  { filter, product, call }: CallingFilter,
  at: FieldRef,
): InspectionGap {
  const name = call.clusterName ?? '';
  const refused = call.cluster?.refused;
  return gapOf('cluster-missing', product, {
    at: refused === undefined ? at : (call.cluster?.at ?? at),
    related: patchesThatAdd(mesh, name),
    note:
      refused === undefined
        ? `the proxy has no cluster ${name}`
        : `Envoy refuses cluster ${name}: ${refused}`,
    data: { cluster: name, onFailure: onFailure(filter) },
  });
}

const http2Protocols: ReadonlySet<string> = new Set(['GRPC', 'GRPC-Web', 'HTTP2', 'auto']);

/** True where it is sure that the proxy speaks HTTP/1 over the cluster. */
function lacksHttp2({ mesh }: WafContext, { grpc, cluster, arrivals, clusterName }: Call): boolean {
  if (!grpc || cluster === undefined) return false;
  if (cluster.origin === 'added') return !cluster.http2;
  const host = istioCluster(clusterName ?? '')?.host;
  if (cluster.origin !== 'istio' || host === undefined || !arrivals.known) return false;
  const ports = arrivals.value.flatMap(({ servicePort }) => servicePort ?? []);
  return (
    ports.length > 0 &&
    ports.every(({ protocol }) => !http2Protocols.has(protocol)) &&
    !mayUpgrade(mesh, host)
  );
}

/** Proves, or disproves, that the filter's call gets to an engine which takes it. */
export function wiringOf(context: WafContext, calling: CallingFilter): Wiring {
  const { filter, product, call } = calling;
  const at = calledAt(context, filter) ?? filter.addedBy;
  if (at === undefined) return { gaps: [], missing: [], agents: [] };
  if (call.clusterMissing) return { gaps: [noCluster(context, calling, at)], missing: [], agents: [] };
  if (!call.arrivals.known) return { gaps: [], missing: call.arrivals.missing, agents: [] };
  const wiring = answering(context, calling, call.arrivals.value);
  if (!lacksHttp2(context, call)) return wiring;
  const gap = gapOf('cluster-without-http2', product, {
    at: call.cluster?.origin === 'added' ? (call.cluster.at ?? at) : at,
    related: [at],
    note: `gRPC needs HTTP/2, and cluster ${call.clusterName ?? ''} speaks HTTP/1.1`,
    data: { cluster: call.clusterName ?? '', onFailure: onFailure(filter) },
  });
  return { ...wiring, gaps: [...wiring.gaps, gap] };
}
