import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from './lazy.js';
import type { Service, Workload } from './mesh.js';
import type { ResourceIndex } from './resource-index.js';

/** What is joined. */
export interface EndpointInput {
  /** Services without a selector. */
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly resources: ResourceIndex;
}

/** EndpointSlices under `namespace/service`. */
function slicesByService(resources: ResourceIndex): ReadonlyMap<string, readonly Resource[]> {
  const slices = new Map<string, Resource[]>();
  for (const slice of resources.ofKind('discovery.k8s.io', 'EndpointSlice')) {
    const service = stringAt(slice.object, 'metadata', 'labels', 'kubernetes.io/service-name') ?? '';
    getOrMake(slices, `${resources.namespaceOf(slice)}/${service}`, () => []).push(slice);
  }
  return slices;
}

function podOf(endpoint: JsonValue, namespace: string): string | undefined {
  const name = stringAt(endpoint, 'targetRef', 'name');
  if (name === undefined || stringAt(endpoint, 'targetRef', 'kind') !== 'Pod') return undefined;
  return `${stringAt(endpoint, 'targetRef', 'namespace') ?? namespace}/${name}`;
}

function workloadsByPod(workloads: readonly Workload[]): ReadonlyMap<string, Workload> {
  const index = new Map<string, Workload>();
  for (const workload of workloads) {
    for (const pod of workload.pods) index.set(`${workload.namespace}/${pod.name}`, workload);
  }
  return index;
}

/** The workloads behind Services that have no selector: those whose pods their Endpoints or EndpointSlices name. */
export function indexEndpoints(input: EndpointInput): ReadonlyMap<Service, readonly Workload[]> {
  const { services, resources } = input;
  const index = new Map<Service, readonly Workload[]>();
  if (services.length === 0) return index;
  const byPod = workloadsByPod(input.workloads);
  const slices = slicesByService(resources);
  for (const service of services) {
    const { namespace, name } = service;
    const endpoints = [
      ...(slices.get(`${namespace}/${name}`) ?? []).flatMap(({ object }) => listAt(object, 'endpoints')),
      ...listAt(resources.find('', 'Endpoints', namespace, name)?.object, 'subsets').flatMap((subset) =>
        listAt(subset, 'addresses'),
      ),
    ];
    const named = endpoints.map((endpoint) => byPod.get(podOf(endpoint, namespace) ?? ''));
    const workloads = new Set(named.filter((workload) => workload !== undefined));
    if (workloads.size > 0) index.set(service, [...workloads]);
  }
  return index;
}
