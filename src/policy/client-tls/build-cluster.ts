import type { FieldRef } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { peerAuthenticationsFor } from '#policy/peer-authentications.js';
import { sidecarMode } from '#policy/peer-mtls-sidecar.js';
import type { Cluster } from './cluster.js';
import type { ControlPlaneView } from './control-plane-view.js';
import type { DestinationRule } from './destination-rule.js';
import type { RegistryPort, RegistryService } from './registry-service.js';
import { proxyMetadata } from './service-endpoint.js';
import { policyForPort, policyForSubset } from './traffic-policy.js';
import type { PortPolicy, TlsSettings, TrafficPolicy } from './traffic-policy.js';
import { upstreamTls } from './upstream-tls.js';
import type { CertificateFiles, UpstreamContext } from './upstream-tls.js';

/** A client as its clusters depend on it. */
export interface ClusterClient {
  readonly plane: 'sidecar' | 'gateway';
  readonly proxyFiles: CertificateFiles | undefined;
}

/** What a cluster is asked for. */
export interface ClusterQuestion {
  readonly client: ClusterClient;
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly subset: string;
  readonly rule: DestinationRule | undefined;
}

/** Certificates that the proxy was told of (TLS_CLIENT_* in its metadata). */
export function proxyFilesOf(mesh: Mesh, workload: Workload): CertificateFiles | undefined {
  const read = (name: string): string => proxyMetadata(mesh, workload, `ISTIO_META_TLS_CLIENT_${name}`) ?? '';
  const chain = read('CERT_CHAIN');
  return chain === '' ? undefined : { chain, key: read('KEY'), root: read('ROOT_CERT') };
}

/** True for a host under which the proxy resolves whatever the client asks for. */
export function forwardsAny({ host, resolution }: RegistryService): boolean {
  return host.startsWith('*') && resolution === 'dynamic-dns';
}

/** Where endpoints are given by name in the cluster, it exists only with one. */
export function needsEndpoints({ resolution }: RegistryService): boolean {
  return resolution === 'dns' || resolution === 'dns-round-robin';
}

function isOriginalDestination({ client, service }: ClusterQuestion, view: ControlPlaneView): boolean {
  if (service.resolution !== 'passthrough' || client.plane === 'gateway') return false;
  const pushed = istiodFlag(view.mesh, 'PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES', false);
  return service.service === undefined || !pushed;
}

/**
 * Whether istiod takes the servers of a port for ones that speak mutual TLS: by the PeerAuthentications without
 * selector of the service's namespace and the mesh; where connections go past its choice of endpoints also by the
 * endpoints' labels (BestEffortInferServiceMTLSMode in pilot/pkg/model/push_context.go).
 */
function serverSpeaksMtls(
  view: ControlPlaneView,
  { service, port }: ClusterQuestion,
  policy: TrafficPolicy | undefined,
): Decision<boolean> {
  if (service.resolution === 'passthrough' || policy?.passthrough === true) {
    const endpoints = view
      .endpoints(service)
      .filter((one) =>
        one.servicePortNumber === undefined
          ? one.servicePort === port.name
          : one.servicePortNumber === port.number,
      );
    const plain = endpoints.find(({ tlsMode }) => tlsMode === 'disabled');
    if (endpoints.length === 0 || plain !== undefined) return known(false, 'default');
    const unsure = endpoints.filter(({ tlsMode }) => tlsMode === undefined);
    if (unsure.length > 0) return unknown(unsure.flatMap(({ missing }) => missing));
  }
  const { mesh, enrolment } = view;
  const wide = peerAuthenticationsFor(mesh, { namespace: service.namespace, labels: {} }, enrolment);
  const mode = sidecarMode(mesh, wide, '*');
  return mode.known ? { ...mode, value: mode.value !== 'DISABLE' } : mode;
}

function isAutoMtlsOn(mesh: Mesh): Decision<boolean> {
  const path = ['enableAutoMtls'];
  const written = valueAt(mesh.settings.config, path);
  if (typeof written === 'boolean') return known(written, mesh.settings.fieldOf(path) ?? 'default');
  if (!mesh.settings.known)
    return unknown([{ key: 'mesh-config', text: 'enableAutoMtls of the mesh configuration' }]);
  return known(true, 'default');
}

/** Automatic mutual TLS, asked only where no rule speaks of TLS and the service is in the mesh. */
function autoMtls(
  view: ControlPlaneView,
  question: ClusterQuestion,
  policies: { readonly tls: TlsSettings | undefined; readonly own: TrafficPolicy | undefined },
): Decision<boolean> {
  if (policies.tls !== undefined || question.service.external) return known(false, 'default');
  const on = isAutoMtlsOn(view.mesh);
  return on.known && on.value ? serverSpeaksMtls(view, question, policies.own) : on;
}

function contextOf(view: ControlPlaneView, question: ClusterQuestion, auto: boolean): UpstreamContext {
  const { service, port, subset, client, rule } = question;
  const any = forwardsAny(service);
  const version = istioVersionOf(view.mesh, undefined);
  const switched = (name: string, alwaysFrom: number): boolean =>
    isAtLeast(version, alwaysFrom) || istiodFlag(view.mesh, name, isAtLeast(version, 21));
  return {
    meshSni: any ? '' : `outbound_.${port.number}_.${subset}_.${service.host}`,
    accounts: any ? [] : view.accounts(service),
    external: service.external,
    fromEntry: service.service === undefined,
    autoMtls: auto,
    sidecar: client.plane === 'sidecar',
    selecting: rule?.selector !== undefined,
    forwardsAny: any,
    proxyFiles: client.proxyFiles,
    prefersRule: istiodFlag(view.mesh, 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', true),
    verifiesByDefault: switched('VERIFY_CERTIFICATE_AT_CLIENT', 24),
    autoSni: switched('ENABLE_AUTO_SNI', 26),
  };
}

function policiesOf({ rule, subset, port }: ClusterQuestion): {
  readonly effective: PortPolicy | undefined;
  readonly own: TrafficPolicy | undefined;
} {
  if (subset === '')
    return { effective: policyForPort(rule?.trafficPolicy, port.number), own: rule?.trafficPolicy };
  const own = rule?.subsets.find(({ name }) => name === subset)?.trafficPolicy;
  return { effective: policyForSubset(rule?.trafficPolicy, own, port.number), own };
}

/**
 * Whether a cluster goes to the dialled address as it is made: by the service's policy for the port, and for a subset by
 * the subset's own without its ports (buildSubsetCluster in pilot/pkg/networking/core/cluster_builder.go).
 */
export function startsPassing({ rule, port, subset }: ClusterQuestion): boolean {
  const ofService = policyForPort(rule?.trafficPolicy, port.number)?.passthrough === true;
  const named = rule?.subsets.find(({ name }) => name === subset)?.trafficPolicy;
  return ofService || (subset !== '' && named?.passthrough === true);
}

/**
 * The cluster that a client has for one port of a service (buildOutboundClusters, applyDestinationRule and
 * buildSubsetCluster in pilot/pkg/networking/core). Decided by the rule's `tls` block, else by what switches
 * automatic mutual TLS on or off.
 */
export function buildCluster(view: ControlPlaneView, question: ClusterQuestion): Decision<Cluster> {
  const { service, port, subset, rule } = question;
  const { effective, own } = policiesOf(question);
  const auto = autoMtls(view, question, { tls: effective?.tls, own });
  if (!auto.known) return auto;
  const tls = upstreamTls(effective?.tls, contextOf(view, question, auto.value));
  const dynamic = forwardsAny(service);
  const originalDestination =
    !dynamic &&
    (isOriginalDestination(question, view) || startsPassing(question) || effective?.passthrough === true);
  const unset = effective?.tls === undefined && tls.kind === 'none';
  const by: FieldRef | undefined = tls.by;
  const cluster: Cluster = {
    service,
    port,
    subset,
    rule,
    tls: { ...tls, auto: tls.auto && !originalDestination },
    originalDestination,
    hbone: view.sendsHbone && (unset || !originalDestination),
  };
  return known(cluster, by ?? auto.decidedBy, auto.considered);
}
