import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { accessLogOf } from './access-log.js';
import { authorizationOf } from './authorization.js';
import { captureOf } from './capture.js';
import { untrustedClientCertificates } from './client-certificate.js';
import { destination } from './destination.js';
import { enrolmentOf } from './enrolment.js';
import { gatewayServersOf } from './gateway-servers.js';
import { inboundPortsOf } from './inbound-ports.js';
import { outboundTrafficOf } from './outbound-traffic.js';
import { peerMtlsOf } from './peer-mtls.js';
import type { EffectivePolicies } from './policies.js';
import { removedFilters } from './removed-filters.js';
import { requestAuthenticationOf } from './request-authentication.js';
import { selectionOf } from './selection.js';
import { unverifiedDestination } from './unverified-destination.js';

/** Computes each key's value once. */
function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const kept = new WeakMap<K, { readonly value: V }>();
  return (key) => getOrMake(kept, key, () => ({ value: compute(key) })).value;
}

/** What Istio would do with a mesh: every decision on demand, each computed once. */
export function effectivePolicies(mesh: Mesh): EffectivePolicies {
  const enrolment = memo((workload: Workload) => enrolmentOf(mesh, workload));
  const inboundPorts = memo((workload: Workload) => inboundPortsOf(mesh, workload, enrolment(workload)));
  const peerMtls = memo((workload: Workload) => {
    const modeOf = peerMtlsOf(mesh, workload, enrolment(workload));
    const kept = new Map<number | '*', ReturnType<typeof modeOf>>();
    return (port: number | '*') => getOrMake(kept, port, () => modeOf(port));
  });
  return {
    mesh,
    enrolment,
    inboundPorts,
    capture: memo((workload) =>
      captureOf(mesh, workload, { enrolment: enrolment(workload), ports: inboundPorts(workload) }),
    ),
    peerMtls: (workload, port) => peerMtls(workload)(port),
    authorization: memo((workload) => authorizationOf(mesh, workload, enrolment(workload))),
    requestAuthentication: memo((workload) => requestAuthenticationOf(mesh, workload, enrolment(workload))),
    outboundTraffic: memo((workload) => outboundTrafficOf(mesh, workload, enrolment(workload))),
    accessLog: memo((workload) => accessLogOf(mesh, workload, enrolment(workload))),
    selection: memo((policy: Resource) => selectionOf(mesh, policy)),
    untrustedClientCertificates,
    destination: memo((rule: Resource) => destination(mesh, rule)),
    unverifiedDestination,
    removedFilters,
    gatewayServers: lazy(() => gatewayServersOf(mesh, enrolment)),
  };
}
