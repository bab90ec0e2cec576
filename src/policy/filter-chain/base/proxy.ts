import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { CustomFilters } from './custom-filters.js';
import type { Enrolment } from '#policy/policies.js';
import type { TrafficExtension } from './traffic-extensions.js';

/** What the filter chains of one proxy are built from. */
export interface ProxyView {
  /** The mesh as the proxy's control plane sees it. */
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
  readonly kind: 'sidecar' | 'gateway';
  readonly customPolicies: readonly Resource[];
  /** Filters of those policies. */
  readonly custom: CustomFilters;
  /** True where a RequestAuthentication puts the token filter in. */
  readonly readsTokens: boolean;
  /** Number of filters that other policies than CUSTOM make: one each for AUDIT, DENY and ALLOW. */
  readonly rbacFilters: number;
  /** True where telemetry puts the statistics filter in. */
  readonly hasStats: boolean;
  /** Plugins that attach to the proxy, in the order in which istiod goes through them. */
  readonly extensions: readonly TrafficExtension[];
}
