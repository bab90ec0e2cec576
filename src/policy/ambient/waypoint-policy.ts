import type { Mesh } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { exactly } from '#policy/rule/pattern.js';
import type { ZtunnelPolicy } from './ztunnel-policy.js';

/** A waypoint by its Gateway, with the accounts that its pods run under. */
export interface WaypointAccounts {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccounts: readonly string[];
}

/**
 * The ALLOW policy that istiod attaches to the workloads of a waypoint when it is told to; undefined when it is not,
 * or when the waypoint has no account (implicitWaypointPolicy in pilot/pkg/serviceregistry/ambient/policies.go,
 * DefaultAllowFromWaypoint in pilot/pkg/features/ambient.go).
 */
export function waypointPolicy(
  mesh: Mesh,
  { namespace, name, serviceAccounts }: WaypointAccounts,
): ZtunnelPolicy | undefined {
  if (serviceAccounts.length === 0 || !istiodFlag(mesh, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY', false))
    return undefined;
  const { trustDomain } = mesh.settings;
  const patterns = serviceAccounts.map((account) =>
    exactly(`spiffe://${trustDomain}/ns/${namespace}/sa/${account}`),
  );
  return {
    key: `${namespace}/istio_allow_waypoint_${namespace}_${name}`,
    action: 'ALLOW',
    origin: 'waypoint',
    scope: 'workload',
    dryRun: false,
    at: mesh.settings.envSource['PILOT_AUTO_ALLOW_WAYPOINT_POLICY'],
    rules: [
      { index: 0, sources: [[{ on: 'identity', patterns, negated: false, path: [] }]], operations: [[]] },
    ],
  };
}
