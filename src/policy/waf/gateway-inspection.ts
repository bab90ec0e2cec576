import { getOrMake } from '#mesh/lazy.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import type { ProxyFilterChain, ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import { filterChainsOf } from '#policy/filter-chain/filter-chains-of.js';
import { asGateway } from '#policy/gateway/gateway-pods.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import { inspectChain } from './inspect-chain.js';
import type { InspectionDecision, InspectionGapKind } from './inspection.js';
import { routeView } from './route-view.js';
import { combineDecisions, gapsOf, uninspected } from './verdict.js';
import type { WafContext } from './waf-context.js';
import type { GatewayWay } from './ways/gateway-ways.js';

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => other[index] === name);
}

/** The proxy's chains that a gateway's way comes in by. */
function chainsOf({ chains }: ProxyFilterChains, { port, chain }: GatewayWay): readonly ProxyFilterChain[] {
  const servers = new Set(chain.servers.map(({ server }) => server.at));
  return chains.filter(
    ({ listener, listenPort, match, servers: own }) =>
      listener === 'gateway' &&
      listenPort === port &&
      sameNames(match.serverNames, chain.serverNames) &&
      own.some((at) => servers.has(at)),
  );
}

/** Filters of pods that lie elsewhere: those that the labels of the Gateway's selector alone get them. */
function imaginedChains(
  { mesh, policies }: WafContext,
  { workload, listeners }: GatewayPods,
): Decision<ProxyFilterChains | undefined> {
  return filterChainsOf(mesh, workload, {
    enrolment: (one) => (one === workload ? asGateway : policies.enrolment(one)),
    gatewayListeners: (one) => (one === workload ? listeners : policies.gatewayListeners(one)),
    inboundPorts: policies.inboundPorts,
    peerMtls: policies.peerMtls,
  });
}

/** Gaps that the containers of the pods decide. */
const ofPods: ReadonlySet<InspectionGapKind> = new Set([
  'filter-without-agent',
  'address-mismatch',
  'agent-mode-mismatch',
  'agent-without-filter',
  'agent-without-mode',
  'engine-missing',
]);

/** The answer for pods that a Gateway of the same name or selector has elsewhere. */
export function podsElsewhere(whose: string): InspectionDecision {
  return { ...unknown([{ key: 'gateway-pods', text: `pods that serve ${whose}` }]), gaps: [] };
}

/** What holds whatever else the pods have: an inspection that needs nothing of them, else only its gaps. */
function asFarAsSelected(decision: InspectionDecision, elsewhere: InspectionDecision): InspectionDecision {
  const gaps = gapsOf(decision).filter(({ kind }) => !ofPods.has(kind));
  const isWhole = gaps.length === gapsOf(decision).length;
  if (decision.known && decision.value.verdict !== 'not-inspected' && isWhole) return decision;
  return elsewhere.known ? elsewhere : { ...elsewhere, gaps };
}

/** How the pods of a gateway inspect what comes in by one of its ways; chains without settings of routes are looked into once. */
export function gatewayInspection(
  context: WafContext,
  pods: GatewayPods,
): (way: GatewayWay) => InspectionDecision {
  const { policies, mesh } = context;
  const { workload, selectedBy } = pods;
  const chains = selectedBy === undefined ? policies.filterChains(workload) : imaginedChains(context, pods);
  if (!chains.known) return () => ({ ...chains, gaps: [] });
  const { value } = chains;
  if (value === undefined) return () => known(uninspected, 'default');
  const kept = new Map<ProxyFilterChain, InspectionDecision>();
  const inspect = (chain: ProxyFilterChain): InspectionDecision =>
    getOrMake(kept, chain, () => inspectChain(context, { workload, chains: value }, chain));
  const judge = (way: GatewayWay): InspectionDecision =>
    combineDecisions(chainsOf(value, way).map((chain) => inspect(routeView(chain, way))));
  if (selectedBy === undefined) return judge;
  const elsewhere = podsElsewhere(`Gateway ${mesh.namespaceOf(selectedBy)}/${selectedBy.name}`);
  return (way) => asFarAsSelected(judge(way), elsewhere);
}
