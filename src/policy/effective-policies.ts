import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { accessLogOf } from './access-log.js';
import { authorizationOf } from './authorization.js';
import { captureOf } from './capture.js';
import { untrustedClientCertificates } from './client-certificate.js';
import { clientTlsDecisions } from './client-tls/client-tls-decisions.js';
import { destination } from './destination.js';
import { enrolmentOf } from './enrolment.js';
import { decideGateway } from './gateway-authorization/decide-gateway.js';
import { gatewayServersOf } from './gateway/gateway-servers.js';
import { exposureOf, gatewayKnowledge } from './gateway/exposure-of.js';
import { gatewayListenersOf } from './gateway/listeners-decision.js';
import { inboundPortsOf } from './inbound-ports.js';
import { outboundTrafficOf } from './outbound-traffic.js';
import { peerModeAlone } from './peer-mode-alone.js';
import { peerMtlsOf } from './peer-mtls.js';
import type { EffectivePolicies } from './policies.js';
import { removedFilters } from './removed-filters.js';
import { requestAuthenticationOf } from './request-authentication.js';
import { meshSeenBy } from './revision-mesh.js';
import { selectionOf } from './selection.js';
import { unverifiedDestination } from './unverified-destination.js';
import type { WaypointUser } from './waypoint/binding-subject.js';
import { waypointBinding } from './waypoint/waypoint-binding.js';

/** Computes each key's value once. The keys are parts of the mesh, which lives as long as its policies do. */
function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const kept = new Map<K, { readonly value: V }>();
  return (key) => getOrMake(kept, key, () => ({ value: compute(key) })).value;
}

/** What Istio would do with a mesh: every decision on demand, each computed once. */
export function effectivePolicies(mesh: Mesh): EffectivePolicies {
  const enrolment = memo((workload: Workload) => enrolmentOf(mesh, workload));
  const seen = (workload: Workload): Mesh => meshSeenBy(mesh, enrolment(workload));
  const inboundPorts = memo((workload: Workload) =>
    inboundPortsOf(seen(workload), workload, enrolment(workload)),
  );
  const peerMtls = memo((workload: Workload) => {
    const modeOf = peerMtlsOf(seen(workload), workload, enrolment(workload));
    const kept = new Map<number | '*', ReturnType<typeof modeOf>>();
    return (port: number | '*') => getOrMake(kept, port, () => modeOf(port));
  });
  const gatewayListeners = memo((workload: Workload) =>
    gatewayListenersOf(seen(workload), workload, enrolment(workload)),
  );
  const gateways = gatewayKnowledge(mesh, gatewayListeners);
  const views = new Map<Mesh, EffectivePolicies>();
  const policies: EffectivePolicies = {
    mesh,
    seenBy: (workload) => {
      const view = seen(workload);
      return view === mesh ? policies : getOrMake(views, view, () => ({ ...policies, mesh: view }));
    },
    enrolment,
    inboundPorts,
    capture: memo((workload) =>
      captureOf(seen(workload), workload, { enrolment: enrolment(workload), ports: inboundPorts(workload) }),
    ),
    peerMtls: (workload, port) => peerMtls(workload)(port),
    peerModeAlone: (policy, port) => peerModeAlone(mesh, policy, port),
    authorization: memo((workload) => authorizationOf(seen(workload), workload, enrolment(workload))),
    requestAuthentication: memo((workload) =>
      requestAuthenticationOf(seen(workload), workload, enrolment(workload)),
    ),
    outboundTraffic: memo((workload) => outboundTrafficOf(seen(workload), workload, enrolment(workload))),
    accessLog: memo((workload) => accessLogOf(seen(workload), workload, enrolment(workload))),
    ...clientTlsDecisions(mesh, enrolment),
    selection: memo((policy: Resource) => selectionOf(mesh, policy)),
    untrustedClientCertificates,
    destination: memo((rule: Resource) => destination(mesh, rule)),
    unverifiedDestination,
    removedFilters,
    waypointOf: memo((user: WaypointUser) => waypointBinding(mesh, user)),
    gatewayListeners,
    gatewayRequest: (probe, options) => decideGateway(policies, probe, options),
    exposure: memo((workload) => exposureOf(mesh, workload, gateways)),
    gatewayServers: lazy(() => gatewayServersOf(mesh, enrolment)),
  };
  return policies;
}
