import type { EffectivePolicies } from './policies.js';
import { decideGatewayAccess } from './gateway-authorization/gateway-access.js';
import { admission } from './request/admission.js';
import type { AccessRequest } from './request/access-request.js';
import { receiverOf, workloadOf } from './request/receiver.js';
import type { Receiver } from './request/receiver.js';
import type { DecideOptions, RequestDecision } from './request/request-decision.js';
import type { Admitted } from './request/request-facts.js';
import { throughFilters } from './request/through-filters.js';
import type { Gate, Passage } from './request/through-filters.js';
import { admitted as letIn, deny, doubt, fieldOf, pass, undecided } from './request/trace.js';
import type { Trace } from './request/trace.js';

/** One request on its way through a sidecar. */
interface SidecarPassage extends Passage {
  readonly receiver: Receiver;
}

/** The connection reaches the proxy, and a filter chain takes it. */
function enter({ trace, receiver, request }: SidecarPassage): Gate<Admitted> {
  const { mode, protocol, bypass } = receiver.port(request.to.port);
  if (bypass !== undefined) {
    pass(trace, 'transport', `the port is not captured: ${bypass.note}`, bypass.at);
    return { ended: letIn(trace) };
  }
  const { trustDomain } = receiver.mesh.settings;
  const setup = {
    mode: mode.known ? mode.value : 'PERMISSIVE',
    protocol,
    trustDomain,
    trusted: receiver.trusted,
  } as const;
  const at = mode.known ? fieldOf(mode.decidedBy) : undefined;
  const entry = admission(request, setup);
  const note = mode.known ? `${mode.value}: ${entry.reason}` : 'the mTLS mode is not known';
  if (!mode.known) doubt(trace, { stage: 'transport', note, at }, mode.missing);
  else if (entry.admitted) pass(trace, 'transport', note, at);
  if (!entry.admitted) return { ended: deny(trace, { stage: 'transport', step: 'transport', note, at }) };
  return entry.chain === 'none' ? { ended: letIn(trace) } : { open: entry };
}

function throughSidecar(passage: SidecarPassage): RequestDecision {
  const entry = enter(passage);
  return 'ended' in entry ? entry.ended : throughFilters(passage, entry.open);
}

/**
 * What becomes of one connection and the request in it at the sidecar of the workload it is sent to: transport, CUSTOM,
 * tokens, DENY, ALLOW, default, in the order of the proxy's filters (pilot/pkg/networking/core/listener_inbound.go).
 * Denied is certain even where an earlier stage is in doubt; everything else is unknown as soon as something that
 * decides is missing. Clients are taken as they are: what their own proxies do is not asked here.
 */
export function decideRequest(
  policies: EffectivePolicies,
  request: AccessRequest,
  options: DecideOptions = {},
): RequestDecision {
  const { namespace, workload } = request.to;
  const id = `${namespace}/${workload}`;
  const target = workloadOf(policies, id);
  const receiver = target && receiverOf(policies.seenBy(target), id);
  const trace: Trace = { chain: [], missing: [], unguarded: receiver?.unguarded ?? [] };
  if (receiver === undefined)
    return undecided(trace, [{ key: 'workload', text: `workload ${workload} of namespace ${namespace}` }]);
  const { enrolment } = receiver;
  if (!enrolment.known) return throughSidecar({ trace, receiver, request, options });
  const { dataPlane, reason } = enrolment.value;
  if (dataPlane === 'none') {
    pass(trace, 'transport', `no proxy stands before the workload: ${reason}`, fieldOf(enrolment.decidedBy));
    return letIn(trace);
  }
  if (dataPlane === 'gateway') return decideGatewayAccess(policies, request, options);
  if (dataPlane !== 'sidecar')
    return undecided(trace, [{ key: 'data-plane', text: `how data plane ${dataPlane} decides requests` }]);
  return throughSidecar({ trace, receiver, request, options });
}
