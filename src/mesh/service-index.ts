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

/** Services by the place of the workload in its mesh, in the order of the Services. */
function reverse(
  services: readonly Service[],
  workloadsOf: (service: Service) => readonly Workload[],
): readonly (readonly Service[])[] {
  const index: Service[][] = [];
  services.forEach((service) => {
    workloadsOf(service).forEach(({ ordinal }) => {
      (index[ordinal] ??= []).push(service);
    });
  });
  return index;
}

const noServices: readonly Service[] = [];

/**
 * Joins Services and workloads: a selector selects the workloads of its namespace whose labels contain it
 * (WorkloadEntry included, as istiod does by default); an empty one leaves it to Endpoints and EndpointSlices;
 * ExternalName selects nothing. Both directions are computed when asked for and kept.
 */
export function indexServices(input: ServiceIndexInput): ServiceIndex {
  const { services, workloads, labels } = input;
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
  const isOwn = (workload: Workload): boolean => workloads[workload.ordinal] === workload;
  return {
    serviceByHost: (host) => hosts().get(host),
    workloadsOf,
    servicesOf: (workload) =>
      isOwn(workload) ? (byWorkload()[workload.ordinal] ?? noServices) : selecting(services, workload),
  };
}
