import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { connectTo } from './connect.js';
import type { ConnectionDecision } from './connection-decision.js';
import type { ConnectionProbe } from './connection-probe.js';
import { openEvidence } from './open-evidence.js';
import { perMesh } from './per-mesh.js';

function undecided(missing: readonly MissingEvidence[]): ConnectionDecision {
  return {
    outcome: 'unknown',
    destination: undefined,
    clusters: [],
    status: undefined,
    decidedBy: undefined,
    considered: [],
    path: { listener: undefined, chain: undefined, virtualHost: undefined, route: undefined },
    missing,
  };
}

const workloadsById = perMesh(
  (mesh: Mesh): ReadonlyMap<string, Workload> =>
    new Map(mesh.workloads.map((workload) => [workload.id, workload])),
);

/**
 * What becomes of a connection to a gateway workload (`namespace/Kind/name`), its policies left aside: certain in a
 * complete scope; in a partial one unknown, with the way that the input alone would give it.
 */
export function decideConnection(
  policies: EffectivePolicies,
  connection: { readonly gateway: string; readonly probe: ConnectionProbe },
  claims?: JsonObject,
): ConnectionDecision {
  const workload = workloadsById(policies.mesh).get(connection.gateway);
  if (workload === undefined) return undecided([{ key: 'workload', text: `workload ${connection.gateway}` }]);
  const listeners = policies.gatewayListeners(workload);
  if (!listeners.known) return undecided(listeners.missing);
  const { mesh } = policies.seenBy(workload);
  const pod = { mesh, workload, listeners: listeners.value };
  const decision = connectTo(pod, connection.probe, claims);
  const missing = openEvidence(mesh, decision);
  return missing.length === 0 ? decision : { ...decision, outcome: 'unknown', missing };
}
