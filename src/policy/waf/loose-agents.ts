import { agentsOf } from './agent.js';
import type { Agent } from './agent.js';
import { filterEngine } from './engine.js';
import { gapOf } from './gap.js';
import { isEngineOnly } from './in-pod.js';
import { listAt } from '#documents/json.js';
import { voidChecks } from './void-checks.js';
import { idleAt, idleNear } from './idle.js';
import { lacksListeners } from './idle-patch.js';
import { wafObjects } from './objects.js';
import { perContext } from './per-context.js';
import { getOrMake } from '#mesh/lazy.js';
import { addressText } from './address.js';
import { unseenEngines } from './unseen-engines.js';
import type { Engine } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** True for the ways in which only a proxy's filter brings requests to an agent. */
function waitsForFilter({ mode }: Agent['listening'][number]): boolean {
  return mode === 'ext_authz' || mode === 'ext_proc' || mode === 'in-process';
}

/** Products that some filter of the proxy belongs to, on whatever chain, well wired or not. */
function productsWithFilter(context: WafContext, proxy: InspectedProxy): ReadonlySet<string> {
  return new Set(
    proxy.chains.chains
      .flatMap(({ httpFilters }) => httpFilters)
      .flatMap((filter) => filterEngine(context, proxy, filter)?.product.id ?? []),
  );
}

/** True when the input shows where filters of the product are put, so that their absence from a proxy says something. */
function isTold(context: WafContext, { product }: Agent): boolean {
  return context.mesh.scope === 'complete' || wafObjects(context).some((one) => one.product === product);
}

function looseAgent(context: WafContext, proxy: InspectedProxy, agent: Agent): Engine | undefined {
  const { product, container, listening, missing, at } = agent;
  const waiting = listening.filter(waitsForFilter);
  const [first] = waiting;
  const engine = { product: product.id, by: [] };
  if (listening.length === 0) {
    const note = `container ${container.name} runs in no mode in which it takes requests`;
    const gap = gapOf('agent-without-mode', product, { at, note, data: { container: container.name } });
    return missing.length > 0 ? { ...engine, gaps: [], missing } : { ...engine, gaps: [gap], missing: [] };
  }
  if (first === undefined || waiting.length < listening.length) return undefined;
  const port = first.address === undefined ? '' : addressText(first.address);
  const gap = gapOf('agent-without-filter', product, {
    at,
    related: [first.at],
    note: `no filter of the proxy calls container ${container.name}`,
    data: { container: container.name, mode: first.mode, port },
  });
  const { kind, name } = agent.workload;
  if (lacksListeners(context, { proxies: [proxy] })) {
    const text = `Gateways that ${kind} ${name} serves`;
    return { ...engine, gaps: [], missing: [{ key: 'gateways', text }] };
  }
  if (isTold(context, agent)) return { ...engine, gaps: [gap], missing: [] };
  const text = `EnvoyFilters that select ${kind} ${name}`;
  return { ...engine, gaps: [], missing: [{ key: 'envoy-filter', text }] };
}

/** True when some object of the input could bring calls to engines in pods of their own. */
function mayBeCalled({ mesh }: WafContext): boolean {
  const filters = mesh.ofKind('networking.istio.io', 'EnvoyFilter').length;
  return (
    mesh.scope === 'partial' || filters > 0 || listAt(mesh.settings.config, 'extensionProviders').length > 0
  );
}

const kept = perContext((): Map<string, readonly Engine[]> => new Map());

/**
 * Agents of a proxy's own pod that no filter of the proxy belongs to, each as an engine that inspects nothing. Where an
 * object that was to put the filter there is idle, that is the cause, and told in its place.
 */
export function looseAgents(context: WafContext, proxy: InspectedProxy): readonly Engine[] {
  const agents = agentsOf(context, proxy.workload);
  const idle = idleAt(context, proxy.workload);
  const unseen = unseenEngines(context, proxy.workload);
  const unasked = voidChecks(context, proxy.workload);
  if (agents.length + idle.length + unasked.length === 0) return unseen;
  return getOrMake(kept(context), proxy.workload.id, () => {
    const present = productsWithFilter(context, proxy);
    const missed = agents
      .filter(({ product }) => !present.has(product.id))
      .flatMap(({ product }) => idleNear(context, proxy.workload, product.id));
    const ofIdle = [...idle, ...missed]
      .filter(({ gap }) => !present.has(gap.product))
      .map(({ gap }): Engine => ({ product: gap.product, by: [], gaps: [gap], missing: [] }));
    const causes = [...unseen, ...unasked, ...ofIdle];
    // Pods of engines wait for the filters of other proxies.
    if (isEngineOnly(context, proxy.workload) && mayBeCalled(context)) return causes;
    const told = new Set([...present, ...causes.map(({ product }) => product)]);
    const loose = agents.filter(({ product }) => !told.has(product.id));
    return [...causes, ...loose.flatMap((agent) => looseAgent(context, proxy, agent) ?? [])];
  });
}
