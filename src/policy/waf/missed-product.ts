import { isProxyContainer } from '#policy/proxy-container.js';
import { agentsOf, asked, isRunning } from './agent.js';
import type { Agent } from './agent.js';
import { callOf, istioCluster } from './call.js';
import type { Call } from './call.js';
import type { WafProduct } from './product.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** True for a call that no container answers: to a port of the pod that none declares, or over a cluster that is not there. */
function goesNowhere({ workload }: InspectedProxy, { clusterName, clusterMissing, arrivals }: Call): boolean {
  if (clusterMissing) return istioCluster(clusterName ?? '') === undefined;
  if (!arrivals.known || arrivals.value.length === 0) return false;
  const declared = new Set(workload.containers.flatMap(({ ports }) => ports.map(({ number }) => number)));
  return arrivals.value.every(({ ownPod, port }) => ownPod && port !== undefined && !declared.has(port));
}

function isAnswered(context: WafContext, proxy: InspectedProxy, agents: readonly Agent[]): boolean {
  const ports = new Set(
    agents.flatMap(({ listening }) =>
      listening.filter(({ mode }) => asked(mode)).flatMap(({ address }) => address?.port ?? []),
    ),
  );
  return proxy.chains.chains
    .flatMap(({ httpFilters }) => httpFilters)
    .some((filter) => {
      const arrivals = filter.stock ? undefined : callOf(context, proxy, filter)?.arrivals;
      return (
        arrivals?.known === true && arrivals.value.some(({ ownPod, port }) => ownPod && ports.has(port ?? -1))
      );
    });
}

/**
 * The product that a call to nowhere is meant for, where neither filter nor cluster bears a mark: that of the one agent
 * which stands in the pod beside the application alone and which no other filter calls.
 */
export function missedProduct(
  context: WafContext,
  proxy: InspectedProxy,
  call: Call,
): WafProduct | undefined {
  const agents = agentsOf(context, proxy.workload);
  const [first] = agents;
  if (first === undefined || agents.some(({ product }) => product !== first.product)) return undefined;
  if (!goesNowhere(proxy, call)) return undefined;
  const own = new Set(agents.map(({ container }) => container));
  const others = proxy.workload.containers.filter(
    (one) => isRunning(one) && !isProxyContainer(one) && !own.has(one),
  );
  if (others.length > 1 || isAnswered(context, proxy, agents)) return undefined;
  return first.product;
}
