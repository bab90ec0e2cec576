import { compareText, sortByAge } from '#mesh/creation-order.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { discoveryOf } from '#policy/discovery.js';
import type { Reads } from './reads.js';
import { isVisible, ofKubernetes, ofServiceEntry } from './registry-service.js';
import type { RegistryService } from './registry-service.js';

/** All destinations that a control plane knows. */
export interface ServiceRegistry {
  /** Every service of a host, oldest first. */
  readonly withHost: (host: string) => readonly RegistryService[];
  /** The same, as the proxies of a namespace see them: those exported to it first, then the public ones. */
  readonly exportedTo: (host: string, namespace: string) => readonly RegistryService[];
  /** The one service that stands for a host in a namespace: a Kubernetes Service, else the oldest. */
  readonly inNamespace: (host: string, namespace: string) => RegistryService | undefined;
  /** Where a host is looked for that the client's namespace does not declare. */
  readonly bestElsewhere: (host: string, client: string) => RegistryService | undefined;
  /** Hosts in text order. */
  readonly hosts: () => readonly string[];
}

/** Services in creation order; of one age the name, then the namespace decides (SortServicesByCreationTime in pilot/pkg/model/push_context.go). */
function sortedServices(mesh: Mesh, reads: Reads): readonly RegistryService[] {
  const kubernetes = mesh.services.filter(({ namespace }) => discoveryOf(mesh, namespace) !== 'hidden');
  const entries = mesh
    .ofKind('networking.istio.io', 'ServiceEntry')
    .filter((entry) => reads(entry) !== 'hidden');
  return sortByAge(
    [
      ...kubernetes.map((service) => ofKubernetes(mesh, service)),
      ...entries.flatMap((entry) => ofServiceEntry(mesh, entry)),
    ],
    ({ resource }) => resource,
    ({ name, namespace, resource }) => [name, namespace, resource.name],
  );
}

function standing(services: readonly RegistryService[], namespace: string): RegistryService | undefined {
  const own = services.filter((service) => service.namespace === namespace);
  return own.find(({ service }) => service !== undefined) ?? own[0];
}

/** Indexes the services of a mesh (initServiceRegistry in pilot/pkg/model/push_context.go). */
export function serviceRegistry(mesh: Mesh, reads: Reads): ServiceRegistry {
  const byHost = lazy(() => {
    const index = new Map<string, RegistryService[]>();
    for (const service of sortedServices(mesh, reads)) getOrMake(index, service.host, () => []).push(service);
    return index;
  });
  const withHost = (host: string): readonly RegistryService[] => byHost().get(host) ?? [];
  return {
    withHost,
    exportedTo: (host, namespace) => {
      const seen = withHost(host).filter((service) => isVisible(service, namespace));
      const hidden = ({ exportTo }: RegistryService): boolean => !exportTo.has('*') && exportTo.has('~');
      return [
        ...seen.filter((service) => !service.exportTo.has('*') && !hidden(service)),
        ...seen.filter(({ exportTo }) => exportTo.has('*')),
      ];
    },
    inNamespace: (host, namespace) => standing(withHost(host), namespace),
    bestElsewhere: (host, client) => {
      const namespaces = new Set(withHost(host).map(({ namespace }) => namespace));
      const standings = [...namespaces]
        .map((namespace) => standing(withHost(host), namespace))
        .filter((service) => service !== undefined)
        .filter((service) => isVisible(service, client));
      return standings.find(({ service }) => service !== undefined) ?? standings[0];
    },
    hosts: lazy(() => [...byHost().keys()].sort(compareText)),
  };
}
