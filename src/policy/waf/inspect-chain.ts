import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { chainEngines } from './chain-engine.js';
import type { InspectionDecision } from './inspection.js';
import { leftOut } from './left-out.js';
import { looseAgents } from './loose-agents.js';
import { inspectionOf } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/**
 * What one chain of a proxy lets products' engines inspect: each filter of a product with its wiring proven as far as
 * the input goes, agents of the pod that no filter calls, and filters that stand in other chains only. The chains of one
 * port and listener are to be combined.
 */
export function inspectChain(
  context: WafContext,
  proxy: InspectedProxy,
  chain: ProxyFilterChain,
): InspectionDecision {
  const engines = chainEngines(context, proxy, chain);
  const others = engines.length > 0 ? [] : leftOut(context, proxy, chain);
  return inspectionOf([...engines, ...others, ...looseAgents(context, proxy)]);
}
