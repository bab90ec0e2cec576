import { compareText } from '#mesh/creation-order.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { meshSeenBy } from '#policy/revision-mesh.js';
import type { ClientDestination, ClientTls } from './client-tls.js';
import { controlPlaneView } from './control-plane-view.js';
import type { ControlPlaneView } from './control-plane-view.js';
import { decideClientTls } from './decide-client-tls.js';

/** The client side of a mesh. */
export interface ClientTlsDecisions {
  readonly clientTls: (client: Workload, destination: ClientDestination) => Decision<ClientTls>;
  /**
   * All that a client can be asked about: every port of every host, then the subsets that some DestinationRule names for
   * it, whether the client has a cluster for them or not; by host, port and subset.
   */
  readonly clientDestinations: (client: Workload) => readonly ClientDestination[];
}

/** Names of subsets by the host that their rules are written for. */
function indexSubsets({ rules }: ControlPlaneView): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const { host, subsets } of rules.all)
    for (const { name } of subsets) getOrMake(index, host, () => []).push(name);
  return index;
}

/** Names under the host itself and under every wildcard that covers it, in text order. */
function subsetsOf(index: ReadonlyMap<string, readonly string[]>, host: string): readonly string[] {
  const tail = host.startsWith('*') ? host.slice(1) : host;
  const names = new Set(index.get(host));
  for (let start = 0; index.size > 0 && start <= tail.length; start += 1)
    for (const name of index.get(`*${tail.slice(start)}`) ?? []) names.add(name);
  return [...names].sort(compareText);
}

function destinationsOf(view: ControlPlaneView): readonly ClientDestination[] {
  const index = indexSubsets(view);
  return view.registry.hosts().flatMap((host) => {
    const services = view.registry.withHost(host);
    const numbers = services.flatMap(({ ports }) => ports.map(({ number }) => number));
    const subsets = ['', ...subsetsOf(index, host)];
    return [...new Set(numbers)]
      .sort((a, b) => a - b)
      .flatMap((port) => subsets.map((subset) => (subset === '' ? { host, port } : { host, port, subset })));
  });
}

/** Decides the client side; what clients of one control plane share is worked out once. */
export function clientTlsDecisions(
  mesh: Mesh,
  enrolment: (workload: Workload) => Decision<Enrolment>,
): ClientTlsDecisions {
  const views = new Map<string, ControlPlaneView>();
  const destinations = new Map<ControlPlaneView, () => readonly ClientDestination[]>();
  const viewOf = (client: Decision<Enrolment>): ControlPlaneView => {
    const revision = client.known ? (client.value.revision ?? '') : '';
    return getOrMake(views, revision, () =>
      controlPlaneView({ mesh: meshSeenBy(mesh, client), enrolment, client }),
    );
  };
  return {
    clientTls: (client, destination) => {
      const enrolled = enrolment(client);
      if (!enrolled.known) return unknown(enrolled.missing, enrolled.considered);
      return decideClientTls(viewOf(enrolled), { workload: client, enrolment: enrolled }, destination);
    },
    clientDestinations: (client) => {
      const view = viewOf(enrolment(client));
      return getOrMake(destinations, view, () => lazy(() => destinationsOf(view)))();
    },
  };
}
