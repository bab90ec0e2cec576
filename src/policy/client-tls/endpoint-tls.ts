import { containsAll } from '#mesh/string-map.js';
import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { peerAuthenticationsFor, peerAuthenticationsOf } from '#policy/peer-authentications.js';
import { sidecarMode } from '#policy/peer-mtls-sidecar.js';
import type { Enrolment, MtlsMode } from '#policy/policies.js';
import type { Cluster } from './cluster.js';
import type { ClientEndpoint, EndpointTls } from './client-tls.js';
import type { Resolution } from './registry-service.js';
import { isNamed } from './service-endpoint.js';
import type { ServiceEndpoint } from './service-endpoint.js';
import { endpointMode } from './traffic-policy.js';
import type { TlsMode } from './traffic-policy.js';

/** What endpoints are judged with: the client's side. */
export interface EndpointJudge {
  readonly mesh: Mesh;
  readonly enrolment: Decision<Enrolment>;
  /** HBONE goes before mutual TLS where an endpoint speaks both. */
  readonly prefersTunnel: boolean;
  /** The client's proxy refuses to tunnel. */
  readonly neverTunnels: boolean;
}

/** The mode that the rule gives endpoints of a cluster (tlsModeForDestinationRule in pilot/pkg/xds/endpoints/mtls_checker.go). */
function modeByRule({ rule, subset, port }: Cluster): TlsMode | undefined {
  const whole = endpointMode(rule?.trafficPolicy, port.number);
  if (subset === '') return whole;
  const named = rule?.subsets.find(({ name }) => name === subset);
  return endpointMode(named?.trafficPolicy, port.number) ?? whole;
}

/** The mode that PeerAuthentication gives the endpoint, whichever data plane it has: istiod does not look. */
function serverMode(judge: EndpointJudge, endpoint: ServiceEndpoint): Decision<MtlsMode> {
  const { mesh, enrolment } = judge;
  const { workload } = endpoint;
  const policies =
    workload === undefined
      ? peerAuthenticationsFor(mesh, endpoint, enrolment)
      : peerAuthenticationsOf(mesh, workload, enrolment);
  return sidecarMode(mesh, policies, endpoint.port);
}

/** Three-valued: undefined where the input does not tell. */
interface Answer {
  readonly value: boolean | undefined;
  readonly missing: readonly MissingEvidence[];
}

const sure = (value: boolean): Answer => ({ value, missing: [] });

/**
 * Whether an endpoint is marked for mutual TLS: its own label must say so, and the rule's mode or, without one, its
 * PeerAuthentication must not forbid it. The rule takes the mark away, it never gives one
 * (checkMtlsEnabled in pilot/pkg/xds/endpoints/mtls_checker.go, buildEnvoyLbEndpoint in endpoint_builder.go).
 */
function isMarked(judge: EndpointJudge, cluster: Cluster, endpoint: ServiceEndpoint): Answer {
  const mode = modeByRule(cluster);
  if (mode !== undefined && mode !== 'ISTIO_MUTUAL') return sure(false);
  if (endpoint.tlsMode !== 'istio')
    return endpoint.tlsMode === undefined ? { value: undefined, missing: endpoint.missing } : sure(false);
  if (mode !== undefined) return sure(true);
  const server = serverMode(judge, endpoint);
  return server.known ? sure(server.value !== 'DISABLE') : { value: undefined, missing: server.missing };
}

function isTunnelled(judge: EndpointJudge, { tunnel, tlsMode }: ServiceEndpoint): boolean | undefined {
  if (judge.neverTunnels || tunnel === false) return false;
  if (tlsMode === 'istio' && !judge.prefersTunnel) return false;
  return tunnel === undefined || (tlsMode === undefined && !judge.prefersTunnel) ? undefined : true;
}

interface Judged {
  readonly tls: EndpointTls;
  readonly missing: readonly MissingEvidence[];
}

const plain = (tls: EndpointTls): Judged => ({ tls, missing: [] });

/** Which of a cluster's sockets an endpoint gets (applyHBONETransportSocketMatches in pilot/pkg/networking/core/cluster_tls.go). */
function judge(client: EndpointJudge, cluster: Cluster, endpoint: ServiceEndpoint): Judged {
  const { tls, hbone } = cluster;
  const tunnelled = isTunnelled(client, endpoint);
  if (tunnelled === undefined) return { tls: 'unknown', missing: endpoint.missing };
  if (tunnelled && hbone)
    return plain(tls.kind === 'simple' || tls.kind === 'mutual' ? `hbone+${tls.kind}` : 'hbone');
  if (!tls.auto) return plain(tls.kind);
  if (tunnelled) return plain('none');
  const marked = isMarked(client, cluster, endpoint);
  if (marked.value === undefined) return { tls: 'unknown', missing: marked.missing };
  return plain(marked.value ? tls.kind : 'none');
}

/** Endpoints that are pushed go by the port's name and have addresses; those in the cluster itself go by its number. */
function belongs(endpoint: ServiceEndpoint, cluster: Cluster, resolution: Resolution): boolean {
  const { port, subset, rule } = cluster;
  const byName = endpoint.servicePort === port.name;
  const isDns = resolution === 'dns' || resolution === 'dns-round-robin';
  if (isDns) {
    const matches =
      endpoint.servicePortNumber === undefined ? byName : endpoint.servicePortNumber === port.number;
    if (!matches) return false;
  } else if (!byName || (endpoint.port !== 0 && isNamed(endpoint.address ?? ''))) return false;
  const named = subset === '' ? undefined : rule?.subsets.find(({ name }) => name === subset);
  return containsAll(endpoint.labels, named?.labels ?? {});
}

/** Draining endpoints are kept for services that hold on to a session only. */
function isDraining({ labels }: ServiceEndpoint, { service }: Cluster): boolean {
  const drains = Object.hasOwn(labels, 'istio.io/draining') && labels['istio.io/draining'] !== '';
  const sessions = Object.hasOwn(service.labels, 'istio.io/persistent-session')
    ? service.labels['istio.io/persistent-session']
    : '';
  return drains && sessions === '';
}

/** The endpoints of a cluster (BuildClusterLoadAssignment in pilot/pkg/xds/endpoints/endpoint_builder.go). */
export function clusterEndpoints(
  cluster: Cluster,
  endpoints: readonly ServiceEndpoint[],
): readonly ServiceEndpoint[] {
  return endpoints.filter(
    (endpoint) => belongs(endpoint, cluster, cluster.service.resolution) && !isDraining(endpoint, cluster),
  );
}

/** What each endpoint of a cluster gets, and what is missing where that is not known. */
export function judgeEndpoints(
  client: EndpointJudge,
  cluster: Cluster,
  endpoints: readonly ServiceEndpoint[],
): { readonly endpoints: readonly ClientEndpoint[]; readonly missing: readonly MissingEvidence[] } {
  const judged = endpoints.map((endpoint) => ({ endpoint, ...judge(client, cluster, endpoint) }));
  return {
    endpoints: judged.map(({ endpoint: { workload, address, port }, tls }) => ({
      workload,
      address,
      port,
      tls,
    })),
    missing: uniqueEvidence(judged.flatMap(({ missing }) => missing)),
  };
}
