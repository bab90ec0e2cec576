import type { Resource } from '#documents/document.js';
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
  /** CUSTOM policies that reach it, where they are not those of the workload itself: a waypoint's for one Service. */
  readonly custom?: readonly Resource[];
}
