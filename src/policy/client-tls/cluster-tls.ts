import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { contestedEvidence } from '#policy/contested.js';
import { known, unknown } from '#policy/decision.js';
import type { Cause, Decision, Known, MissingEvidence, Step } from '#policy/decision.js';
import { buildCluster, forwardsAny, needsEndpoints, proxyFilesOf, startsPassing } from './build-cluster.js';
import type { ClusterQuestion } from './build-cluster.js';
import type { ClientDestination, ClientTls } from './client-tls.js';
import type { Cluster } from './cluster.js';
import type { ClientScope, ControlPlaneView } from './control-plane-view.js';
import { clusterEndpoints, judgeEndpoints } from './endpoint-tls.js';
import type { EndpointJudge } from './endpoint-tls.js';
import { nameCheck } from './name-check.js';
import { absentTls, overall } from './other-clients.js';
import type { RegistryPort, RegistryService } from './registry-service.js';
import { chooseRule } from './rule-choice.js';
import { podLabels, proxyMetadata } from './service-endpoint.js';
import type { CertificateFiles } from './upstream-tls.js';
import { showsEndpoints } from './service-endpoints.js';

/** A client with a proxy and what it shares with others. */
export interface Client {
  readonly view: ControlPlaneView;
  readonly scope: ClientScope;
  readonly workload: Workload;
  readonly plane: 'sidecar' | 'gateway';
  readonly sidecar: Resource | undefined;
  readonly own: OwnTraits;
}

/** What of a client's own an answer depends on, besides its namespace and Sidecar. */
export interface OwnTraits {
  readonly labels: StringMap;
  readonly proxyFiles: CertificateFiles | undefined;
  readonly neverTunnels: boolean;
}

/** Reads what a client's template and proxy settings say. */
export function ownTraits({ mesh, instances }: ControlPlaneView, workload: Workload): OwnTraits {
  return {
    labels: podLabels(instances, workload).labels,
    proxyFiles: proxyFilesOf(mesh, workload),
    neverTunnels: proxyMetadata(mesh, workload, 'ISTIO_META_DISABLE_HBONE_SEND') === 'true',
  };
}

const orUndefined = (text: string): string | undefined => (text === '' ? undefined : text);

function absentWorkloads({ service }: Cluster): MissingEvidence {
  return { key: 'workloads', text: `the workloads behind ${service.host}` };
}

function describe(cluster: Cluster, judged: ReturnType<typeof judgeEndpoints>, shown: boolean): ClientTls {
  const { tls, hbone, port, rule } = cluster;
  const byEndpoint = tls.auto || hbone;
  const whole = byEndpoint ? (overall(judged.endpoints) ?? (shown ? 'no-endpoints' : 'unknown')) : tls.kind;
  return {
    tls: tls.auto && tls.kind === 'mutual-istio' ? 'mutual-istio-auto' : tls.kind,
    hbone,
    effective: whole,
    protocol: port.protocol,
    endpoints: judged.endpoints,
    sni: orUndefined(tls.sni),
    autoSni: tls.autoSni,
    subjectAltNames: tls.subjectAltNames,
    autoSanValidation: tls.autoSanValidation,
    verifies: tls.verifies,
    checksName: nameCheck(tls, port.protocol),
    ca: tls.ca,
    clientCertificate: tls.clientCertificate,
    destinationRules: rule?.from ?? [],
    downgrade: tls.downgrade,
    missing: whole === 'unknown' && !shown ? [...judged.missing, absentWorkloads(cluster)] : judged.missing,
  };
}

/** Ports that no cluster is made for: UDP, and under a wildcard what names no host (buildOutboundClusters). */
function hasCluster(service: RegistryService, { protocol }: RegistryPort): boolean {
  if (service.resolution === 'alias' || protocol === 'UDP') return false;
  return !forwardsAny(service) || ['HTTP', 'HTTP2', 'GRPC', 'TLS'].includes(protocol);
}

function absent(at: Cause, note: string): Known<ClientTls> {
  return known(absentTls, at, at === 'default' ? [] : [{ at, note }]);
}

function judgeOf({ view, own }: Client): EndpointJudge {
  const { mesh, enrolment, prefersHbone: prefersTunnel } = view;
  return { mesh, enrolment, prefersTunnel, neverTunnels: own.neverTunnels };
}

/** The answer for a cluster that exists, unless it has to list endpoints and has none. */
function ofCluster(client: Client, question: ClusterQuestion, steps: readonly Step[]): Decision<ClientTls> {
  const { view } = client;
  const { service } = question;
  const built = buildCluster(view, question);
  if (!built.known) return unknown(built.missing, [...steps, ...built.considered]);
  const cluster = built.value;
  const listed = clusterEndpoints(cluster, view.endpoints(service));
  const at = { resource: service.resource, path: ['spec'] };
  if (needsEndpoints(service) && !hasListed(client, question, listed.length))
    return absent(at, 'no endpoint, and the cluster would have to name one');
  const judged = judgeEndpoints(
    judgeOf(client),
    cluster,
    cluster.originalDestination || forwardsAny(service) ? [] : listed,
  );
  const value = describe(cluster, judged, showsEndpoints(view.mesh, service));
  return known(value, built.decidedBy, [...steps, ...built.considered]);
}

/** A cluster that names its endpoints needs one; for a subset so does the whole, and it none of its own where it names none. */
function hasListed({ view }: Client, question: ClusterQuestion, own: number): boolean {
  if (question.subset === '') return own > 0;
  if (own === 0 && !startsPassing(question)) return false;
  const built = buildCluster(view, { ...question, subset: '' });
  return built.known && clusterEndpoints(built.value, view.endpoints(question.service)).length > 0;
}

function ruleSteps(question: ClusterQuestion): readonly Step[] {
  return (question.rule?.from ?? []).map((resource, index) => ({
    at: { resource, path: ['spec', 'host'] },
    note: index === 0 ? 'the rule that the client uses' : 'merged into it',
  }));
}

/** No service of that host for the client: it is not shown to it, or the input does not hold it. */
function unseen({ view, sidecar }: Client, host: string): Decision<ClientTls> {
  const [declared] = view.registry.withHost(host);
  if (declared === undefined && view.mesh.scope === 'partial')
    return unknown([{ key: 'service', text: `a Service or ServiceEntry for ${host}` }]);
  if (declared === undefined) return absent('default', '');
  if (sidecar !== undefined)
    return absent({ resource: sidecar, path: ['spec', 'egress'] }, 'the Sidecar does not take the host in');
  const native = declared.service !== undefined;
  const path = native ? ['metadata', 'annotations', 'networking.istio.io/exportTo'] : ['spec', 'exportTo'];
  return absent({ resource: declared.resource, path }, 'not exported to the namespace of the client');
}

/** A port of a service that the client sees, or why there is no cluster for it. */
type Found =
  | { readonly service: RegistryService; readonly port: RegistryPort }
  | { readonly answer: Decision<ClientTls> };

function findPort(client: Client, { host, port: number }: ClientDestination): Found {
  const { view, scope, sidecar } = client;
  const service = scope.services(host);
  if (service === undefined) return { answer: unseen(client, host) };
  if (view.mesh.isContested(service.resource))
    return { answer: unknown([contestedEvidence(view.mesh, service.resource)]) };
  const at = { resource: service.resource, path: ['spec', 'ports'] };
  const port = service.ports.find((each) => each.number === number);
  if (port !== undefined && hasCluster(service, port)) return { service, port };
  if (port !== undefined) return { answer: absent(at, 'no cluster is made for such a port or service') };
  const cut = sidecar && { resource: sidecar, path: ['spec', 'egress'] };
  return { answer: absent(cut ?? at, 'the client has no such port') };
}

/** What a sidecar or gateway originates; clients that differ in nothing that counts share the answer. */
export function clusterTls(client: Client, destination: ClientDestination): Decision<ClientTls> {
  const { scope, workload, plane, own } = client;
  const { host, subset = '' } = destination;
  const found = findPort(client, destination);
  if ('answer' in found) return found.answer;
  const { service, port } = found;
  const { rules, doubts } = scope.rulesFor(service);
  if (doubts.length > 0) return unknown(doubts);
  const { proxyFiles, labels, neverTunnels } = own;
  const rule = chooseRule(rules, { namespace: workload.namespace, labels });
  const declared = subset === '' || (rule?.subsets.some(({ name }) => name === subset) ?? false);
  if (!declared || (subset !== '' && forwardsAny(service)))
    return absent(
      { resource: service.resource, path: ['spec'] },
      'no DestinationRule that the client uses declares the subset',
    );
  const index = rule === undefined ? -1 : rules.indexOf(rule);
  const key = [plane, host, port.number, subset, index, proxyFiles?.chain ?? '', neverTunnels].join('\0');
  const question: ClusterQuestion = { client: { plane, proxyFiles }, service, port, subset, rule };
  return getOrMake(scope.answers, key, () => ofCluster(client, question, ruleSteps(question)));
}
