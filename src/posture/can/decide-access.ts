import { uniqueEvidence } from '#policy/attached-policies.js';
import { decideAmbient } from '#policy/ambient/decide-ambient.js';
import { decideRequest } from '#policy/decide-request.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { workloadOf } from '#policy/request/receiver.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import { decideWaypoint } from '#policy/waypoint/decide-waypoint.js';
import { implicitPolicies } from '#policy/waypoint/implicit-policies.js';
import type { AmbientRequest, ClientProxy } from '#policy/waypoint/waypoint-request.js';
import type { Workload } from '#mesh/mesh.js';
import { atOneProxy, pastWaypoint, proxyOf } from './access-decision.js';
import type { AccessDecision } from './access-decision.js';
import type { Target } from './target.js';

/** How a request gets to where it is sent. */
export interface Approach {
  /** The Service that was dialled; undefined: the pod's own address. */
  readonly via?: Target['via'];
  /** What sends the client's connections on; undefined: not known, where the client is one of the mesh. */
  readonly through?: ClientProxy | undefined;
  readonly options?: DecideOptions;
}

/** The receiving pod alone: its sidecar, its node's ztunnel, or nothing. */
function atReceiver(
  policies: EffectivePolicies,
  request: AccessRequest,
  { workload, options }: { readonly workload: Workload | undefined; readonly options: DecideOptions },
): AccessDecision {
  const proxy = proxyOf.workload(`${request.to.namespace}/${request.to.workload}`);
  const enrolment = workload && policies.enrolment(workload);
  if (workload === undefined || enrolment?.known !== true || enrolment.value.dataPlane !== 'ambient')
    return atOneProxy(decideRequest(policies, request, options), proxy);
  const additional = implicitPolicies(policies.mesh, workload);
  return atOneProxy(decideAmbient(policies, request, { additional, endsTunnel: true }), proxy);
}

/** What stands between: the whole way to the one pod that is meant. */
function onTheWay(
  policies: EffectivePolicies,
  request: AccessRequest,
  given: { readonly workload: Workload; readonly through: ClientProxy } & Approach,
): AccessDecision {
  const { workload, through, via, options } = given;
  const to: AmbientRequest['to'] =
    via === undefined
      ? { workload: workload.id, port: request.to.port }
      : { service: `${via.service.namespace}/${via.service.name}`, port: via.port.number };
  const decision = decideWaypoint(
    policies,
    { ...request, through, to },
    { ...options, endsTunnel: true, pods: (pod) => pod === workload },
  );
  return pastWaypoint(decision, proxyOf.workload(workload.id));
}

/** Proxies that may send the client's connections on; sidecars pass every waypoint by. */
function proxiesOf(
  policies: EffectivePolicies,
  request: AccessRequest,
  { workload, through, via }: Approach & { readonly workload: Workload },
): readonly ClientProxy[] {
  if (request.from.kind !== 'mesh') return ['sidecar'];
  const binding = policies.waypointOf(via?.service ?? workload);
  if (binding.known && binding.value.wanted === undefined) return ['sidecar'];
  const enrolment = policies.enrolment(workload);
  const isAmbient = enrolment.known && enrolment.value.dataPlane === 'ambient';
  // Nobody puts a waypoint before sidecars without saying so.
  if (!binding.known && !isAmbient) return ['sidecar'];
  return through === undefined ? ['ztunnel', 'sidecar'] : [through];
}

const whichProxy: MissingEvidence = {
  key: 'client-proxy',
  text: 'whether a ztunnel or a sidecar sends the connections of the client: only the former pass a waypoint',
};

/**
 * What becomes of a request on its way to the pod it is sent to: the waypoint, where one takes it, then the pod's own data
 * plane: a sidecar all of it, ztunnel its layer 4.
 */
export function decideAccess(
  policies: EffectivePolicies,
  request: AccessRequest,
  { via, through, options = {} }: Approach = {},
): AccessDecision {
  const workload = workloadOf(policies, `${request.to.namespace}/${request.to.workload}`);
  if (workload === undefined) return atReceiver(policies, request, { workload, options });
  const decisions = proxiesOf(policies, request, { workload, through, via }).map((proxy) =>
    proxy === 'sidecar'
      ? atReceiver(policies, request, { workload, options })
      : onTheWay(policies, request, { workload, through: proxy, via, options }),
  );
  const [first] = decisions;
  if (first === undefined || decisions.every(({ verdict }) => verdict === first.verdict))
    return first ?? atReceiver(policies, request, { workload, options });
  const missing = uniqueEvidence([whichProxy, ...decisions.flatMap((decision) => decision.missing)]);
  return { verdict: 'unknown', stage: undefined, by: undefined, chain: first.chain, missing };
}
