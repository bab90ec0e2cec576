import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { PatchOutcome, ProxyFilterChain, ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import type { EffectivePolicies } from '#policy/policies.js';

/** A proxy that an extension object selects; of several that are configured alike the first. */
export interface PatchedProxy {
  readonly workload: Workload;
  readonly chains: ProxyFilterChains;
}

/** The proxies that an extension object selects, as the input shows them. */
export interface PatchedProxies {
  readonly proxies: readonly PatchedProxy[];
  /** What keeps some of them from being known; in a partial scope also that there may be others. */
  readonly missing: readonly MissingEvidence[];
  /** False where the newest known release of Istio is assumed. */
  readonly isVersionKnown: boolean;
}

type Asked = Pick<EffectivePolicies, 'mesh' | 'selection' | 'filterChains'>;

const kept = new WeakMap<Asked, WeakMap<Resource, PatchedProxies>>();

function collect(policies: Asked, object: Resource): PatchedProxies {
  const { versions, toldVersion } = policies.mesh.settings;
  const isVersionKnown = toldVersion !== undefined || Object.keys(versions).length > 0;
  const selection = policies.selection(object);
  if (!selection.known) return { proxies: [], missing: selection.missing, isVersionKnown };
  const { inert, workloads } = selection.value;
  if (inert !== undefined) return { proxies: [], missing: [], isVersionKnown };
  const proxies = new Map<ProxyFilterChains, PatchedProxy>();
  const missing: MissingEvidence[] = [];
  if (policies.mesh.scope === 'partial')
    missing.push({ key: 'workloads', text: `all proxies that ${object.kind} ${object.name} selects` });
  for (const workload of workloads) {
    const chains = policies.filterChains(workload);
    if (!chains.known) missing.push(...chains.missing);
    else if (chains.value !== undefined && !proxies.has(chains.value))
      proxies.set(chains.value, { workload, chains: chains.value });
  }
  return { proxies: [...proxies.values()], missing: uniqueEvidence(missing), isVersionKnown };
}

/** What an EnvoyFilter, WasmPlugin or TrafficExtension meets at the proxies that it selects; asked once an object. */
export function patchedProxies(policies: Asked, object: Resource): PatchedProxies {
  const known = getOrMake(kept, policies, () => new WeakMap<Resource, PatchedProxies>());
  return getOrMake(known, object, () => collect(policies, object));
}

/** What became of `spec.configPatches[index]` at a proxy; undefined where the proxy does not have it. */
export function outcomeAt(
  { chains }: PatchedProxy,
  object: Resource,
  index: number,
): PatchOutcome | undefined {
  return chains.patches.find(({ envoyFilter, at }) => envoyFilter === object && at.path[2] === index);
}

/** All chains of a proxy that the input's objects can patch. */
export function allChains({ chains }: PatchedProxy): readonly ProxyFilterChain[] {
  return [...chains.chains, ...chains.outbound];
}
