import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { contestedEvidence } from '#policy/contested.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision, MissingEvidence, Step } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { revisionVisibility } from '#policy/revision-visibility.js';
import { configurationSeenBy } from './configuration-seen.js';
import { buildGatewayListeners } from './gateway-listeners.js';
import type { GatewayListeners } from './gateway-listeners.js';
import { servedGateways } from './served-gateways.js';
import { routesOfGateway } from './routes-of-gateway.js';

const none: GatewayListeners = { listeners: [], merged: { groups: [], byRoute: new Map(), skipped: [] } };

/** Gateways and routes that the listeners are generated from. */
function sources(mesh: Mesh, workload: Workload): readonly Resource[] {
  const configs = servedGateways(mesh, workload);
  const routes = configs.flatMap(({ id }) => routesOfGateway(mesh, id, workload.namespace));
  return [...configs, ...routes].map(({ resource }) => resource);
}

/** What leaves it open which gateways and routes are served as they stand: differing forms, revisions that are not known. */
function doubts(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): readonly MissingEvidence[] {
  const resources = sources(mesh, workload);
  const contested = resources.filter((resource) => mesh.isContested(resource));
  const unclear = resources.filter(
    (resource) =>
      resource.group === 'networking.istio.io' && revisionVisibility(mesh, resource, enrolment) === 'unknown',
  );
  return uniqueEvidence([
    ...contested.map((resource) => contestedEvidence(mesh, resource)),
    ...unclear.map(({ kind, name }) => ({
      key: 'revision',
      text: `whether the control plane of ${workload.id} reads ${kind} ${name}`,
    })),
  ]);
}

/**
 * What a workload's proxy listens on as a gateway; nothing when it is none. Unknown when the input does not show what
 * proxy it runs, or holds differing forms of a gateway or route that it serves. In a partial scope it is what the gateways
 * and routes of the input make of it.
 */
export function gatewayListenersOf(
  whole: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): Decision<GatewayListeners> {
  if (!enrolment.known) return enrolment;
  if (enrolment.value.dataPlane !== 'gateway') return known(none, enrolment.decidedBy, enrolment.considered);
  const mesh = configurationSeenBy(whole, enrolment);
  const missing = doubts(mesh, workload, enrolment);
  if (missing.length > 0) return unknown(missing);
  const listeners = buildGatewayListeners(mesh, workload);
  const steps = listeners.merged.skipped.map(({ server, reason }): Step => ({
    at: server.at,
    note: `left out: ${reason}`,
  }));
  const first = listeners.merged.groups[0]?.servers[0]?.server.at;
  return known(listeners, first ?? enrolment.decidedBy, steps);
}
