import { indexEndpoints } from './endpoint-index.js';
import type { LabelIndex } from './label-index.js';
import { getOrMake, lazy } from './lazy.js';
import type { Mesh, Service, Workload } from './mesh.js';
import type { ResourceIndex } from './resource-index.js';
import { containsAll } from './string-map.js';

/** The look-ups between Services, hosts and workloads. */
export type ServiceIndex = Pick<Mesh, 'servicesOf' | 'workloadsOf' | 'serviceByHost'>;

/** What the index is built from. */
export interface ServiceIndexInput {
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly labels: LabelIndex<Workload>;
  readonly resources: ResourceIndex;
}

function hasSelector(service: Service): boolean {
  return Object.keys(service.selector).length > 0;
}

function indexHosts(services: readonly Service[]): ReadonlyMap<string, Service> {
  const index = new Map<string, Service>();
  for (const service of services) getOrMake(index, service.host, () => service);
  return index;
}

/** For a workload that is none of the mesh's own. */
function selecting(services: readonly Service[], { namespace, labels }: Workload): readonly Service[] {
  return services.filter(
    (service) =>
      service.namespace === namespace &&
      service.type !== 'ExternalName' &&
      hasSelector(service) &&
      containsAll(labels, service.selector),
  );
}

/** Services by workload, in the order of the Services. */
function reverse(
  services: readonly Service[],
  workloadsOf: (service: Service) => readonly Workload[],
): ReadonlyMap<Workload, readonly Service[]> {
  const index = new Map<Workload, Service[]>();
  for (const service of services)
    for (const workload of workloadsOf(service)) getOrMake(index, workload, () => []).push(service);
  return index;
}

/**
 * Joins Services and workloads: a selector selects the workloads of its namespace whose labels contain it
 * (WorkloadEntry included, as istiod does by default); an empty one leaves it to Endpoints and EndpointSlices;
 * ExternalName selects nothing. Both directions are computed when asked for and kept.
 */
export function indexServices(input: ServiceIndexInput): ServiceIndex {
  const { services, labels } = input;
  const byHand = services.filter((service) => service.type !== 'ExternalName' && !hasSelector(service));
  const endpoints = lazy(() => indexEndpoints({ ...input, services: byHand }));
  const hosts = lazy(() => indexHosts(services));
  const findWorkloads = (service: Service): readonly Workload[] => {
    if (service.type === 'ExternalName') return [];
    return hasSelector(service)
      ? labels.matching(service.namespace, service.selector)
      : (endpoints().get(service) ?? []);
  };
  const workloadsMemo = new Map<Service, readonly Workload[]>();
  const workloadsOf = (service: Service): readonly Workload[] =>
    getOrMake(workloadsMemo, service, () => findWorkloads(service));
  const byWorkload = lazy(() => reverse(services, workloadsOf));
  return {
    serviceByHost: (host) => hosts().get(host),
    workloadsOf,
    servicesOf: (workload) =>
      workload.ordinal < 0 ? selecting(services, workload) : (byWorkload().get(workload) ?? []),
  };
}
