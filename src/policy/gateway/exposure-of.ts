import { lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import type { Exposure } from './exposure.js';
import { gatewayExposures } from './gateway-exposures.js';
import type { GatewayListeners } from './gateway-listeners.js';
import { ingressExposures } from './ingress-exposures.js';
import { serviceExposures } from './service-exposures.js';

type ListenersOf = (workload: Workload) => Decision<GatewayListeners>;

/** What is known of the gateways of a mesh, worked out when it is first asked for. */
export interface GatewayKnowledge {
  readonly exposures: () => ReadonlyMap<Workload, readonly Exposure[]>;
  /** Evidence that the listeners of some workload lack, which may be a gateway before any other. */
  readonly doubts: () => readonly MissingEvidence[];
}

const elsewhere: MissingEvidence = {
  key: 'gateway-configuration',
  text: 'gateways, routes and Services outside the input',
};

function doubtsOf(mesh: Mesh, listenersOf: ListenersOf): readonly MissingEvidence[] {
  const missing = mesh.workloads.flatMap((workload) => {
    const decision = listenersOf(workload);
    return decision.known ? [] : decision.missing;
  });
  return uniqueEvidence(mesh.scope === 'complete' ? missing : [...missing, elsewhere]);
}

/** What the listeners of all workloads tell of the ways through gateways. */
export function gatewayKnowledge(mesh: Mesh, listenersOf: ListenersOf): GatewayKnowledge {
  return {
    exposures: lazy(() => gatewayExposures(mesh, listenersOf)),
    doubts: lazy(() => doubtsOf(mesh, listenersOf)),
  };
}

/**
 * By which ways a workload is reached from outside the mesh: gateways, open Services, Ingresses. What is found is certain;
 * that there is no way at all is certain only where no gateway is in doubt and the scope is complete.
 */
export function exposureOf(
  mesh: Mesh,
  workload: Workload,
  gateways: GatewayKnowledge,
): Decision<readonly Exposure[]> {
  const found = [
    ...(gateways.exposures().get(workload) ?? []),
    ...serviceExposures(mesh, workload),
    ...ingressExposures(mesh, workload),
  ];
  const [first] = found;
  if (first !== undefined) return known(found, first.at);
  const missing = gateways.doubts();
  return missing.length === 0 ? known([], 'default') : unknown(missing);
}
