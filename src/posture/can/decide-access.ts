import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import type { Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import { decideAmbient } from '#policy/ambient/decide-ambient.js';
import { decideRequest } from '#policy/decide-request.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { workloadOf } from '#policy/request/receiver.js';
import type { DecideOptions, RequestDecision } from '#policy/request/request-decision.js';
import { objectAt } from '#documents/json.js';
import type { Target } from './target.js';

const label = 'istio.io/use-waypoint';

const valueOf = (labels: StringMap | undefined): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : undefined;

/** Labels of what is dialled: the Service, or the pod itself. */
function ownLabels(workload: Workload, via: Target['via']): StringMap {
  return via === undefined
    ? workload.labels
    : stringMap(objectAt(via.service.resource.object, 'metadata', 'labels'));
}

/** The waypoint that labels of the Service (or pod) ask for, else those of the namespace; `none` opts out. */
function waypointDoubt(
  { mesh }: EffectivePolicies,
  workload: Workload,
  via: Target['via'],
): MissingEvidence | undefined {
  const own = valueOf(ownLabels(workload, via));
  const name = via?.service.namespace ?? workload.namespace;
  const space = mesh.namespaces.get(name);
  if (own === undefined && space?.resource === undefined && mesh.scope === 'partial') {
    const text = `labels of namespace ${name}: whether a waypoint stands before ${workload.id}`;
    return { key: 'namespace-labels', text };
  }
  const wanted = own ?? valueOf(space?.labels) ?? 'none';
  if (wanted === 'none' || wanted === '') return undefined;
  const text = `what waypoint ${wanted} decides before ${workload.id}: waypoints are not decided`;
  return { key: 'waypoint', text };
}

/** Nothing is said: something else decides, which is not worked out. */
function undecidable(missing: MissingEvidence, note: string): RequestDecision {
  return {
    verdict: 'unknown',
    stage: undefined,
    by: undefined,
    chain: [{ stage: 'transport', outcome: 'unknown', note, at: undefined }],
    missing: [missing],
  };
}

/**
 * What becomes of a request at the pod it is sent to, as the pod's own data plane decides: a sidecar all of it, ztunnel
 * its layer 4. Clients inside the mesh reach ambient pods through their waypoint, those outside directly.
 */
export function decideAccess(
  policies: EffectivePolicies,
  request: AccessRequest,
  given: { readonly via?: Target['via']; readonly options?: DecideOptions } = {},
): RequestDecision {
  const workload = workloadOf(policies, `${request.to.namespace}/${request.to.workload}`);
  const enrolment = workload && policies.enrolment(workload);
  if (workload === undefined || enrolment?.known !== true || enrolment.value.dataPlane !== 'ambient')
    return decideRequest(policies, request, given.options);
  const doubt = request.from.kind === 'mesh' ? waypointDoubt(policies, workload, given.via) : undefined;
  if (doubt !== undefined) return undecidable(doubt, 'a waypoint may stand before the pod');
  return decideAmbient(policies, request);
}
