import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { contestedEvidence } from '#policy/contested.js';
import { known, unknown } from '#policy/decision.js';
import type { Cause, Decision, Known, Step } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { sidecarScopeOf } from '#policy/sidecar-scope.js';
import { buildCluster, forwardsAny, needsEndpoints, proxyFilesOf } from './build-cluster.js';
import type { ClusterQuestion } from './build-cluster.js';
import type { ClientDestination, ClientTls } from './client-tls.js';
import type { Cluster } from './cluster.js';
import type { ClientScope, ControlPlaneView } from './control-plane-view.js';
import { clusterEndpoints, judgeEndpoints } from './endpoint-tls.js';
import type { EndpointJudge } from './endpoint-tls.js';
import { nameCheck } from './name-check.js';
import { absentTls, ambientTls, overall, withoutProxy } from './other-clients.js';
import type { RegistryPort, RegistryService } from './registry-service.js';
import { chooseRule, ruleDoubts } from './rule-choice.js';
import { podLabels, proxyMetadata } from './service-endpoint.js';
import { showsEndpoints } from './service-endpoints.js';

/** A client with a proxy and what it shares with others. */
interface Client {
  readonly view: ControlPlaneView;
  readonly scope: ClientScope;
  readonly workload: Workload;
  readonly plane: 'sidecar' | 'gateway';
  readonly sidecar: Resource | undefined;
}

const orUndefined = (text: string): string | undefined => (text === '' ? undefined : text);

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
    missing: judged.missing,
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

function judgeOf({ view, workload }: Client): EndpointJudge {
  const refuses = proxyMetadata(view.mesh, workload, 'ISTIO_META_DISABLE_HBONE_SEND') === 'true';
  return {
    mesh: view.mesh,
    enrolment: view.enrolment,
    prefersTunnel: view.prefersHbone,
    neverTunnels: refuses,
  };
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

/** A subset of a cluster that names its endpoints needs one in both: its own and the whole. */
function hasListed({ view }: Client, question: ClusterQuestion, own: number): boolean {
  if (question.subset === '' || own === 0) return own > 0;
  const built = buildCluster(view, { ...question, subset: '' });
  return built.known && clusterEndpoints(built.value, view.endpoints(question.service)).length > 0;
}

function ruleSteps(question: ClusterQuestion): readonly Step[] {
  return (question.rule?.from ?? []).map((resource, index) => ({
    at: { resource, path: ['spec', 'host'] },
    note: index === 0 ? 'the rule that the client uses' : 'merged into it',
  }));
}

function decideFor(client: Client, destination: ClientDestination): Decision<ClientTls> {
  const { view, scope, workload, plane, sidecar } = client;
  const { host, port: number, subset = '' } = destination;
  const service = scope.services(host);
  if (service === undefined) return unseen(client, host);
  if (view.mesh.isContested(service.resource)) return unknown([contestedEvidence(view.mesh, service.resource)]);
  const port = service.ports.find((each) => each.number === number);
  const at = { resource: service.resource, path: ['spec', 'ports'] };
  if (port === undefined)
    return absent(
      sidecar === undefined ? at : { resource: sidecar, path: ['spec', 'egress'] },
      'the client has no such port',
    );
  if (!hasCluster(service, port)) return absent(at, 'no cluster is made for such a port or service');
  const rules = scope.rulesFor(service);
  const doubts = ruleDoubts(view, rules);
  if (doubts.length > 0) return unknown(uniqueEvidence(doubts));
  const { labels } = podLabels(view.instances, workload);
  const rule = chooseRule(rules, { namespace: workload.namespace, labels });
  const files = proxyFilesOf(view.mesh, workload);
  const question: ClusterQuestion = { client: { plane, proxyFiles: files }, service, port, subset, rule };
  const declared = subset === '' || (rule?.subsets.some(({ name }) => name === subset) ?? false);
  if (!declared || (subset !== '' && forwardsAny(service)))
    return absent(at, 'no DestinationRule that the client uses declares the subset');
  const index = rule === undefined ? -1 : rules.indexOf(rule);
  const key = [host, number, subset, index, files?.chain ?? '', judgeOf(client).neverTunnels].join('\0');
  return getOrMake(scope.answers, key, () => ofCluster(client, question, ruleSteps(question)));
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

/** Answers are the same when all that a reader is told is. */
function summary(answer: Decision<ClientTls>): string {
  if (!answer.known) return '';
  const { endpoints, destinationRules, missing, ...rest } = answer.value;
  return JSON.stringify([
    rest,
    endpoints.map(({ tls, port }) => [tls, port]),
    destinationRules.map(({ namespace, name }) => [namespace, name]),
    missing,
  ]);
}

function ofSidecar(
  view: ControlPlaneView,
  workload: Workload,
  destination: ClientDestination,
): Decision<ClientTls> {
  const { candidates, doubts } = sidecarScopeOf(view.mesh, workload, view.enrolment);
  const answers = candidates.map((sidecar) =>
    decideFor(
      {
        view,
        workload,
        plane: 'sidecar',
        sidecar,
        scope: view.scope('sidecar', workload.namespace, sidecar),
      },
      destination,
    ),
  );
  const [first] = answers;
  const agree = answers.every((answer) => summary(answer) === summary(first ?? answer));
  if (first !== undefined && agree) return first;
  const missing = answers.flatMap((answer) => (answer.known ? [] : answer.missing));
  return unknown(uniqueEvidence([...doubts, ...missing]));
}

function ofAmbient(view: ControlPlaneView, workload: Workload, wanted: ClientDestination): Decision<ClientTls> {
  const { host, port: number } = wanted;
  const service = view.registry.inNamespace(host, workload.namespace) ?? view.registry.withHost(host)[0];
  const port = service?.ports.find((each) => each.number === number);
  if (service === undefined || port === undefined)
    return view.mesh.scope === 'partial'
      ? unknown([{ key: 'service', text: `a Service or ServiceEntry for ${host}` }])
      : known(absentTls, 'default');
  const endpoints = view.endpoints(service).filter(({ servicePort }) => servicePort === port.name);
  return known(ambientTls(endpoints, port.protocol), 'default');
}

/** The client's TLS to a destination, as its own control plane sees the mesh. */
export function decideClientTls(
  view: ControlPlaneView,
  { workload, enrolment }: { readonly workload: Workload; readonly enrolment: Known<Enrolment> },
  destination: ClientDestination,
): Decision<ClientTls> {
  switch (enrolment.value.dataPlane) {
    case 'sidecar':
      return ofSidecar(view, workload, destination);
    case 'gateway': {
      const scope = view.scope('gateway', workload.namespace, undefined);
      return decideFor({ view, workload, plane: 'gateway', sidecar: undefined, scope }, destination);
    }
    case 'ambient':
      return ofAmbient(view, workload, destination);
    case 'none':
      return known(withoutProxy, enrolment.decidedBy, enrolment.considered);
    default:
      return unknown([
        { key: 'client-proxy', text: `what a ${enrolment.value.dataPlane} proxy of ${workload.id} sends` },
      ]);
  }
}
