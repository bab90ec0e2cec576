import type { FieldRef } from '#documents/document.js';
import type { Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import type { CaptureLimit } from '#policy/policies.js';
import { isProxyContainer } from '#policy/proxy-container.js';
import { agentsOf, isRunning } from './agent.js';
import { atWaypoint } from './at-waypoint.js';
import type { Origin } from './at-waypoint.js';
import { assumedSidecar } from './assumed-sidecar.js';
import { filterEngine } from './engine.js';
import { gapOf } from './gap.js';
import { idleNear } from './idle.js';
import { inPodEngines, isEngineOnly } from './in-pod.js';
import { inspectChain } from './inspect-chain.js';
import type { InspectionDecision } from './inspection.js';
import { looseAgents } from './loose-agents.js';
import { wafObjects } from './objects.js';
import { sharedInspection } from './shared-inspection.js';
import { nodeEvidence, unseenEngines } from './unseen-engines.js';
import type { WafProduct } from './product.js';
import { combineDecisions, gapsOf, inSeries, inspectionOf, uninspected } from './verdict.js';
import type { Engine } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

const nothing: InspectionDecision = known(uninspected, 'default');

function isUninspected(part: InspectionDecision): boolean {
  return part.known && part.value.verdict === 'not-inspected' && part.value.gaps.length === 0;
}

/** Ports that containers other than proxies and engines declare. */
function ownPorts(context: WafContext, workload: Workload): readonly number[] {
  const engines = new Set(agentsOf(context, workload).map(({ container }) => container));
  return workload.containers
    .filter((one) => isRunning(one) && !isProxyContainer(one) && !engines.has(one))
    .flatMap(({ ports }) => ports.map(({ number }) => number));
}

/** True when some of them is named by no Service. */
function hasUnnamedPorts(context: WafContext, workload: Workload): boolean {
  const ports = context.policies.inboundPorts(workload);
  const named = new Set(ports.flatMap(({ number, services }) => (services.length > 0 ? [number] : [])));
  return ownPorts(context, workload).some((number) => !named.has(number));
}

/** Protocols whose streams hold no HTTP requests, whoever reads them. */
const streams: ReadonlySet<string> = new Set(['Mongo', 'Redis', 'MySQL']);

function carriesRequests({ policies }: WafContext, workload: Workload, number: number | undefined): boolean {
  const port = policies.inboundPorts(workload).find((one) => one.number === number);
  const protocols = port?.services.map(
    ({ service, port: own }) => service.ports.find((one) => one.number === own)?.protocol,
  );
  return protocols?.every((protocol) => protocol !== undefined && streams.has(protocol)) !== true;
}

/** The chains that requests come in by: of a port that is read as HTTP and as bytes alike those that read HTTP. */
function requestChains(
  context: WafContext,
  { workload, chains }: InspectedProxy,
): readonly ProxyFilterChain[] {
  const inbound = chains.chains.filter(({ listener }) => listener === 'inbound' || listener === 'gateway');
  const withHttp = new Set(
    inbound
      .filter(({ protocol }) => protocol === 'http')
      .map(({ listener, port, passthrough, listenPort }) =>
        JSON.stringify([listener, port, passthrough, listenPort]),
      ),
  );
  const unnamed = hasUnnamedPorts(context, workload);
  return inbound.filter((chain) => {
    if (chain.passthrough) return chain.protocol === 'http' && unnamed;
    if (chain.protocol === 'http') return true;
    const key = JSON.stringify([chain.listener, chain.port, chain.passthrough, chain.listenPort]);
    return (
      !withHttp.has(key) && (chain.listener === 'gateway' || carriesRequests(context, workload, chain.port))
    );
  });
}

function firstProduct(context: WafContext, proxy: InspectedProxy): WafProduct | undefined {
  for (const { httpFilters } of proxy.chains.chains)
    for (const filter of httpFilters) {
      const engine = filterEngine(context, proxy, filter);
      if (engine !== undefined) return engine.product;
    }
  return undefined;
}

/** Requests that go past the proxy, told as a gap of the product whose filter they go past. */
function pastProxy(product: WafProduct | undefined, limit: CaptureLimit): InspectionDecision {
  if (product === undefined) return nothing;
  const ports = limit.ports === 'all' || limit.ports === undefined ? 'every port' : limit.ports.join(', ');
  const gap = gapOf('ports-left-out', product, {
    at: limit.at,
    note: `requests to ${ports} go past the proxy: ${limit.note}`,
    data: { ports },
  });
  return inspectionOf([{ product: product.id, by: [], gaps: [gap], missing: [] }]);
}

function limitFor(
  limits: readonly CaptureLimit[],
  { port, listener }: ProxyFilterChain,
): CaptureLimit | undefined {
  if (listener !== 'inbound') return undefined;
  return limits.find(
    ({ ports }) => ports === 'all' || (port !== undefined && ports?.includes(port) === true),
  );
}

/** True for a limit that names ports which containers beside proxies and engines declare. */
function leavesOutDeclared(context: WafContext, workload: Workload, { ports }: CaptureLimit): boolean {
  return Array.isArray(ports) && ownPorts(context, workload).some((number) => ports.includes(number));
}

/** What a sidecar or gateway inspects: all chains that requests come in by, and those that never come to it. */
function atProxy(context: WafContext, proxy: InspectedProxy): InspectionDecision {
  const capture = context.policies.capture(proxy.workload);
  const limits = capture.known ? capture.value.limits.filter(({ direction }) => direction === 'inbound') : [];
  const product = limits.length === 0 ? undefined : firstProduct(context, proxy);
  const excluded = new Set<CaptureLimit>();
  const chains = requestChains(context, proxy).filter((chain) => {
    const limit = limitFor(limits, chain);
    if (limit !== undefined) excluded.add(limit);
    return limit === undefined;
  });
  for (const limit of limits) if (leavesOutDeclared(context, proxy.workload, limit)) excluded.add(limit);
  if (chains.length > 0 && excluded.size === 0) return sharedInspection(context, proxy, chains);
  const parts = [
    ...chains.map((chain) => inspectChain(context, proxy, chain)),
    ...[...excluded].map((limit) => pastProxy(product, limit)),
  ];
  if (parts.length === 0) return inspectionOf(looseAgents(context, proxy));
  return combineDecisions(parts);
}

/** Agents that wait for a proxy's calls in a pod that has no proxy to make them. */
function withoutProxy(context: WafContext, workload: Workload): InspectionDecision {
  if (isEngineOnly(context, workload)) return nothing;
  const waiting = agentsOf(context, workload).filter(
    ({ listening }) =>
      listening.length > 0 && listening.every(({ mode }) => mode === 'ext_authz' || mode === 'ext_proc'),
  );
  const engines = waiting.flatMap((agent): readonly Engine[] => {
    const { product, at, container, listening } = agent;
    const engine = { product: product.id, by: [], missing: [] };
    const idle = idleNear(context, workload, product.id);
    if (idle.length > 0) return idle.map(({ gap }) => ({ ...engine, gaps: [gap] }));
    const related: readonly FieldRef[] = listening.map((one) => one.at);
    const [first] = listening;
    const port = String(first?.address?.port ?? '');
    const data = { container: container.name, mode: first?.mode ?? '', port };
    const note = `container ${container.name} waits for the calls of a proxy, and the pod has none`;
    return [{ ...engine, gaps: [gapOf('agent-without-filter', product, { at, related, note, data })] }];
  });
  return inspectionOf([...unseenEngines(context, workload), ...engines]);
}

function onDataPlane(context: WafContext, workload: Workload, from: Origin): InspectionDecision {
  const { policies } = context;
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known) {
    const proxy = assumedSidecar(context, workload);
    return { ...enrolment, gaps: proxy === undefined ? [] : gapsOf(atProxy(context, proxy)) };
  }
  const { dataPlane } = enrolment.value;
  if (dataPlane === 'ambient')
    return inSeries([atWaypoint(context, workload, from), withoutProxy(context, workload)]);
  if (dataPlane !== 'sidecar' && dataPlane !== 'gateway') return withoutProxy(context, workload);
  const chains = policies.filterChains(workload);
  if (!chains.known) return { ...chains, gaps: [] };
  return chains.value === undefined ? nothing : atProxy(context, { workload, chains: chains.value });
}

/** Absence in files of a repository says nothing while none of them puts a product's filter anywhere. */
export function isShown(context: WafContext): boolean {
  return context.mesh.scope === 'complete' || wafObjects(context).length > 0;
}

/**
 * Which requests for a workload are inspected on their way in: by its sidecar (or, for a gateway, its listeners), by the
 * waypoints of its Services, or by an engine in the pod itself, through which all of them pass.
 */
export function workloadInspection(
  context: WafContext,
  workload: Workload,
  from: Origin = 'mesh',
): InspectionDecision {
  const atPlane = onDataPlane(context, workload, from);
  const meant = new Set(gapsOf(atPlane).map(({ product }) => product));
  const inPod = inPodEngines(context, workload).filter(
    (engine) => isSure(engine) || !meant.has(engine.product),
  );
  const own = inPod.length === 0 ? [] : [inspectionOf(inPod)];
  const whole = inSeries([...own, atPlane]);
  const onNodes = isUninspected(whole) && !isEngineOnly(context, workload) ? nodeEvidence(context) : [];
  if (onNodes.length > 0) return { ...unknown(uniqueEvidence(onNodes)), gaps: [] };
  if (!isUninspected(whole) || isShown(context)) return whole;
  return elsewhere(context);
}

/** False for an engine that nothing shows to be asked; where a filter was to ask it, that filter's gaps tell why. */
function isSure({ missing, gaps }: Engine): boolean {
  return missing.length === 0 && gaps.every(({ kind }) => kind !== 'agent-without-filter');
}

const unshown: InspectionDecision = {
  ...unknown([{ key: 'envoy-filter', text: 'EnvoyFilters and plugins that are applied from elsewhere' }]),
  gaps: [],
};

/** The answer where nothing of any product is in the input. */
export function elsewhere({ mesh }: Pick<WafContext, 'mesh'>): InspectionDecision {
  return mesh.scope === 'complete' ? nothing : unshown;
}
