import { getOrMake } from '#mesh/lazy.js';
import type { ProxyFilter, ProxyFilterChain, ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import { filterEngine } from './engine.js';
import { inspectChain } from './inspect-chain.js';
import type { InspectionDecision } from './inspection.js';
import { looseAgents } from './loose-agents.js';
import { perContext } from './per-context.js';
import { combineDecisions } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** Filters whose part in the inspection is settled by what stands outside the proxy's configuration: calls, and libraries. */
const looksOutside: ReadonlySet<ProxyFilter['settings']['kind']> = new Set([
  'ext_authz',
  'ext_proc',
  'golang',
]);

function isInside(context: WafContext, proxy: InspectedProxy, filter: ProxyFilter): boolean {
  if (filter.stock || filter.addedBy === undefined) return true;
  return (
    !looksOutside.has(filter.settings.kind) &&
    filter.addedBy.resource.kind !== 'AuthorizationPolicy' &&
    filterEngine(context, proxy, filter)?.product.needsOwnProxy !== true
  );
}

/** What is known of the inspection by one configuration, which many proxies may run. */
interface Kept {
  /** True where nothing of the workload counts: neither whom filters call, nor the policies at it, nor its proxy's image. */
  readonly sharable: boolean;
  /** By the chains that requests come in by, as their places in the configuration. */
  readonly inspections: Map<string, InspectionDecision>;
}

const kept = perContext((): WeakMap<ProxyFilterChains, Kept> => new WeakMap());

function keptFor(context: WafContext, proxy: InspectedProxy): Kept {
  return getOrMake(kept(context), proxy.chains, () => ({
    sharable: proxy.chains.chains.every(
      ({ refused, httpFilters }) =>
        refused?.certain !== false && httpFilters.every((filter) => isInside(context, proxy, filter)),
    ),
    inspections: new Map<string, InspectionDecision>(),
  }));
}

/** What the chains that requests come in by let engines inspect; worked out afresh. */
export function inspectionByChains(
  context: WafContext,
  proxy: InspectedProxy,
  entered: readonly ProxyFilterChain[],
): InspectionDecision {
  return combineDecisions(entered.map((chain) => inspectChain(context, proxy, chain)));
}

/**
 * As `inspectionByChains`, worked out once for all proxies of one configuration where the configuration alone decides:
 * a plugin for the whole mesh is then judged a few times, not once a workload. Pods with engines of their own are judged
 * one by one.
 */
export function sharedInspection(
  context: WafContext,
  proxy: InspectedProxy,
  entered: readonly ProxyFilterChain[],
): InspectionDecision {
  const { sharable, inspections } = keptFor(context, proxy);
  if (!sharable || proxy.custom !== undefined || looseAgents(context, proxy).length > 0)
    return inspectionByChains(context, proxy, entered);
  const { chains } = proxy.chains;
  const key = entered.map((chain) => chains.indexOf(chain)).join(',');
  return getOrMake(inspections, key, () => inspectionByChains(context, proxy, entered));
}
