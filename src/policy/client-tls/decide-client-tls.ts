import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision, Known, MissingEvidence } from '#policy/decision.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { Enrolment } from '#policy/policies.js';
import { sidecarScopeOf } from '#policy/sidecar-scope.js';
import type { ClientDestination, ClientTls } from './client-tls.js';
import { clusterTls, ownTraits } from './cluster-tls.js';
import type { Client } from './cluster-tls.js';
import type { ControlPlaneView } from './control-plane-view.js';
import { absentTls, ambientTls, withoutProxy } from './other-clients.js';

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

/** What is worked out once for a workload. */
interface SidecarClient {
  /** One for each Sidecar that may count, as far as the input shows. */
  readonly clients: readonly Client[];
  readonly doubts: readonly MissingEvidence[];
}

const sidecarClients = new WeakMap<ControlPlaneView, WeakMap<Workload, SidecarClient>>();

function sidecarClient(view: ControlPlaneView, workload: Workload): SidecarClient {
  const kept = getOrMake(sidecarClients, view, () => new WeakMap<Workload, SidecarClient>());
  return getOrMake(kept, workload, () => {
    const { candidates, doubts } = sidecarScopeOf(view.mesh, workload, view.enrolment);
    const own = ownTraits(view, workload);
    const clients = candidates.map((sidecar): Client => {
      const scope = view.scope('sidecar', workload.namespace, sidecar);
      return { view, workload, plane: 'sidecar', sidecar, scope, own };
    });
    return { clients, doubts };
  });
}

function ofSidecar(
  view: ControlPlaneView,
  workload: Workload,
  destination: ClientDestination,
): Decision<ClientTls> {
  const { clients, doubts } = sidecarClient(view, workload);
  const answers = clients.map((client) => clusterTls(client, destination));
  const [first] = answers;
  if (first === undefined || answers.length === 1) return first ?? unknown(doubts);
  if (answers.every((answer) => summary(answer) === summary(first))) return first;
  const missing = answers.flatMap((answer) => (answer.known ? [] : answer.missing));
  return unknown(uniqueEvidence([...doubts, ...missing]));
}

const sharing = new WeakMap<ControlPlaneView, Map<string, boolean>>();

/** True when sidecars of the namespace go without a Sidecar: istiod then keeps one view of its services for all of them. */
function hasDefaultScope(view: ControlPlaneView, namespace: string): boolean {
  const revisionOf = (enrolment: Decision<Enrolment>): string =>
    enrolment.known ? (enrolment.value.revision ?? '') : '';
  const kept = getOrMake(sharing, view, () => new Map<string, boolean>());
  return getOrMake(kept, namespace, () =>
    view.mesh.workloads.some((workload) => {
      if (workload.namespace !== namespace) return false;
      const enrolled = view.instances.enrolment(workload);
      if (!enrolled.known || enrolled.value.dataPlane !== 'sidecar') return false;
      if (revisionOf(enrolled) !== revisionOf(view.enrolment)) return false;
      return sidecarScopeOf(view.mesh, workload, view.enrolment).candidates.includes(undefined);
    }),
  );
}

/**
 * Gateways know every service, unless istiod is told to send them only what their routes need. Of several services of
 * one host they take another than sidecars do, but get the sidecars' choice where one of their namespace has connected
 * before them (doGetSidecarScope in pilot/pkg/model/push_context.go).
 */
function ofGateway(
  view: ControlPlaneView,
  workload: Workload,
  destination: ClientDestination,
): Decision<ClientTls> {
  if (istiodFlag(view.mesh, 'PILOT_FILTER_GATEWAY_CLUSTER_CONFIG', false))
    return unknown([{ key: 'gateway-clusters', text: `which services the routes of ${workload.id} need` }]);
  const own = ownTraits(view, workload);
  const ask = (plane: 'gateway' | 'sidecar'): Decision<ClientTls> => {
    const scope = view.scope(plane, workload.namespace, undefined);
    return clusterTls({ view, workload, plane: 'gateway', sidecar: undefined, scope, own }, destination);
  };
  const answer = ask('gateway');
  const { host } = destination;
  const isContested = view.registry.withHost(host).length > 1 && hasDefaultScope(view, workload.namespace);
  if (!isContested || summary(ask('sidecar')) === summary(answer)) return answer;
  const text = `whether the gateway ${workload.id} or a sidecar of its namespace was the first to ask for ${host}`;
  return unknown([{ key: 'service-scope', text }]);
}

function ofAmbient(
  view: ControlPlaneView,
  workload: Workload,
  wanted: ClientDestination,
): Decision<ClientTls> {
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
    case 'gateway':
      return ofGateway(view, workload, destination);
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
