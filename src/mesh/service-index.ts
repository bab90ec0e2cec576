import { indexEndpoints } from './endpoint-index.js';
import { pairKey } from './label-index.js';
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

/** The pair of a Service's selector that the fewest workloads carry, as an index key. */
function rarestPair(service: Service, labels: LabelIndex<Workload>): string {
  const pairs = Object.entries(service.selector).map(([key, value]) => ({
    key: pairKey(service.namespace, key, value),
    carriers: labels.frequency(service.namespace, key, value),
  }));
  return pairs.reduce((least, pair) => (pair.carriers < least.carriers ? pair : least)).key;
}

/** Services with a selector, each under one pair of it: a workload looks its own label pairs up here. */
function indexSelectors({ services, labels }: ServiceIndexInput): ReadonlyMap<string, readonly Service[]> {
  const index = new Map<string, Service[]>();
  for (const service of services) {
    if (service.type === 'ExternalName' || !hasSelector(service)) continue;
    getOrMake(index, rarestPair(service, labels), () => []).push(service);
  }
  return index;
}

function indexHosts(services: readonly Service[]): ReadonlyMap<string, Service> {
  const index = new Map<string, Service>();
  for (const service of services) getOrMake(index, service.host, () => service);
  return index;
}

function reverse(
  members: ReadonlyMap<Service, readonly Workload[]>,
): ReadonlyMap<Workload, readonly Service[]> {
  const index = new Map<Workload, Service[]>();
  for (const [service, workloads] of members) {
    for (const workload of workloads) getOrMake(index, workload, () => []).push(service);
  }
  return index;
}

/**
 * Joins Services and workloads: a selector selects the workloads of its namespace whose labels contain it
 * (WorkloadEntry included, as istiod does by default); an empty one leaves it to Endpoints and EndpointSlices;
 * ExternalName selects nothing. Both directions are computed when asked for and kept.
 */
export function indexServices(input: ServiceIndexInput): ServiceIndex {
  const { services, labels } = input;
  const selectors = lazy(() => indexSelectors(input));
  const byHand = services.filter((service) => service.type !== 'ExternalName' && !hasSelector(service));
  const endpoints = lazy(() => indexEndpoints({ ...input, services: byHand }));
  const byWorkload = lazy(() => reverse(endpoints()));
  const rank = lazy(() => new Map(services.map((service, index) => [service, index])));
  const hosts = lazy(() => indexHosts(services));
  const findWorkloads = (service: Service): readonly Workload[] => {
    if (service.type === 'ExternalName') return [];
    return hasSelector(service)
      ? labels.matching(service.namespace, service.selector)
      : (endpoints().get(service) ?? []);
  };
  const findServices = (workload: Workload): readonly Service[] => {
    if (services.length === 0) return services;
    const selecting = Object.entries(workload.labels)
      .flatMap(([key, value]) => selectors().get(pairKey(workload.namespace, key, value)) ?? [])
      .filter((service) => containsAll(workload.labels, service.selector));
    const all = [...selecting, ...(byWorkload().get(workload) ?? [])];
    return all.sort((a, b) => (rank().get(a) ?? 0) - (rank().get(b) ?? 0));
  };
  const workloadsMemo = new Map<Service, readonly Workload[]>();
  const servicesMemo = new Map<Workload, readonly Service[]>();
  return {
    serviceByHost: (host) => hosts().get(host),
    workloadsOf: (service) => getOrMake(workloadsMemo, service, () => findWorkloads(service)),
    servicesOf: (workload) => getOrMake(servicesMemo, workload, () => findServices(workload)),
  };
}
