import type { FieldRef } from '#documents/document.js';
import type { Rule } from '#policy/rule/rule.js';

/** One rule as ztunnel compares it; a rule of a PeerAuthentication is no rule that anybody wrote. */
export type ZtunnelRule = Pick<Rule, 'sources' | 'operations' | 'index'>;

/** A policy as istiod sends it to ztunnel (pkg/workloadapi/security/authorization.proto). */
export interface ZtunnelPolicy {
  /** `namespace/name`, as ztunnel knows it: those made of PeerAuthentications have names of their own. */
  readonly key: string;
  readonly action: 'ALLOW' | 'DENY';
  /** What it is made of; `waypoint` for the one that istiod makes for a waypoint's account. */
  readonly origin: 'AuthorizationPolicy' | 'PeerAuthentication' | 'waypoint';
  /** Who finds it: every workload, those of its namespace, or those that istiod tells of it. */
  readonly scope: 'global' | 'namespace' | 'workload';
  /** Only logged. */
  readonly dryRun: boolean;
  /** What it comes from; undefined where that lies outside the input. */
  readonly at: FieldRef | undefined;
  /** Any of them suffices; none at all: it matches nothing. */
  readonly rules: readonly ZtunnelRule[];
}
