import type { Mesh, Workload } from '#mesh/mesh.js';
import type { ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { WafProduct } from './product.js';

/** What every question about web application firewalls is asked with. */
export interface WafContext {
  readonly mesh: Mesh;
  readonly policies: EffectivePolicies;
  readonly products: readonly WafProduct[];
}

/** A proxy with the chains that it runs. */
export interface InspectedProxy {
  readonly workload: Workload;
  readonly chains: ProxyFilterChains;
}
