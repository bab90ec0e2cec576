import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { captureOf } from './capture.js';
import { untrustedClientCertificates } from './client-certificate.js';
import { clientTlsDecisions } from './client-tls/client-tls-decisions.js';
import { destination } from './destination.js';
import { enrolmentOf } from './enrolment.js';
import { extensionEffect } from './filter-chain/extension-effect.js';
import { filterChainsOf } from './filter-chain/filter-chains-of.js';
import { decideGateway } from './gateway-authorization/decide-gateway.js';
import { gatewayPodsOf } from './gateway/gateway-pods.js';
import { gatewayServersOf } from './gateway/gateway-servers.js';
import { exposureOf, gatewayKnowledge } from './gateway/exposure-of.js';
import { gatewayListenersOf } from './gateway/listeners-decision.js';
import { inboundPortsOf } from './inbound-ports.js';
import { memo, workloadMemo } from './memo.js';
import { peerModeAlone } from './peer-mode-alone.js';
import type { EffectivePolicies } from './policies.js';
import { removedFilters } from './removed-filters.js';
import { meshSeenBy } from './revision-mesh.js';
import { selectionOf } from './selection.js';
import { sharedDecisions } from './shared-decisions.js';
import { unverifiedDestination } from './unverified-destination.js';
import type { WafProduct } from './waf/product.js';
import { WAF_PRODUCTS } from './waf/products.js';
import { wafDecisions } from './waf/waf-decisions.js';
import type { WaypointUser } from './waypoint/binding-subject.js';
import { waypointBinding } from './waypoint/waypoint-binding.js';

/** What decisions depend on beside the mesh. */
export interface PolicyOptions {
  /** Web application firewalls to look for; absent: those that are known without a configuration. */
  readonly wafProducts?: readonly WafProduct[];
}

/** What Istio would do with a mesh: every decision on demand, each computed once. */
export function effectivePolicies(mesh: Mesh, options: PolicyOptions = {}): EffectivePolicies {
  const enrolment = workloadMemo(mesh, (workload) => enrolmentOf(mesh, workload));
  const seen = (workload: Workload): Mesh => meshSeenBy(mesh, enrolment(workload));
  const inboundPorts = workloadMemo(mesh, (workload) =>
    inboundPortsOf(seen(workload), workload, enrolment(workload)),
  );
  const gatewayListeners = workloadMemo(mesh, (workload) =>
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
    capture: workloadMemo(mesh, (workload) =>
      captureOf(seen(workload), workload, { enrolment: enrolment(workload), ports: inboundPorts(workload) }),
    ),
    ...sharedDecisions({ mesh, enrolment, seen, inboundPorts }),
    peerModeAlone: (policy, port) => peerModeAlone(mesh, policy, port),
    ...clientTlsDecisions(mesh, enrolment),
    selection: memo((policy: Resource) => selectionOf(mesh, policy)),
    untrustedClientCertificates,
    destination: memo((rule: Resource) => destination(mesh, rule)),
    unverifiedDestination,
    removedFilters,
    filterChains: workloadMemo(mesh, (workload) => filterChainsOf(seen(workload), workload, policies)),
    extensionEffect: memo((object: Resource) => extensionEffect({ mesh, policies }, object)),
    waypointOf: memo((user: WaypointUser) => waypointBinding(mesh, user)),
    gatewayListeners,
    gatewayPods: lazy(() => gatewayPodsOf(mesh, enrolment, gatewayListeners)),
    gatewayRequest: (probe, options) => decideGateway(policies, probe, options),
    exposure: workloadMemo(mesh, (workload) => exposureOf(mesh, workload, gateways)),
    gatewayServers: lazy(() => gatewayServersOf(mesh, enrolment)),
    waf: wafDecisions(mesh, { products: options.wafProducts ?? WAF_PRODUCTS, policies: () => policies }),
  };
  return policies;
}
