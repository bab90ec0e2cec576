import type { Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import { targetPortOf } from '#mesh/target-port.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { RegistryService } from './registry-service.js';
import { isNamed, podInstance, writtenInstance } from './service-endpoint.js';
import type { Instance, InstanceContext, ServiceEndpoint } from './service-endpoint.js';
import { unmanagedEndpoints } from './unmanaged-endpoints.js';

const isEntry = ({ kind }: Workload): boolean => kind === 'WorkloadEntry';

/** An entry whose own proxy checks its health counts once the check says so (isHealthy in pilot/pkg/serviceregistry/serviceentry/conversion.go). */
function isHealthy({ resource: { object }, annotations }: Workload): boolean {
  if (annotations['proxy.istio.io/health-checks-enabled'] !== 'true') return true;
  return listAt(object, 'status', 'conditions').some(
    (condition) => stringAt(condition, 'type') === 'Healthy' && stringAt(condition, 'status') === 'True',
  );
}

function instanceOf(context: InstanceContext, workload: Workload): Instance {
  if (!isEntry(workload)) return podInstance(context, workload);
  const { resource, namespace, labels, podPath: path } = workload;
  return writtenInstance(context, { workload, resource, path, namespace, labels });
}

function usable(workload: Workload): boolean {
  return workload.kind !== 'WorkloadGroup' && (!isEntry(workload) || isHealthy(workload));
}

/** Endpoints of a Kubernetes Service: pods, and where the proxy is given addresses also WorkloadEntries that it selects. */
function kubernetesEndpoints(
  context: InstanceContext,
  service: Service,
  { resolution }: RegistryService,
): readonly ServiceEndpoint[] {
  const members = context.mesh.workloadsOf(service).filter((workload) => {
    if (!usable(workload)) return false;
    if (!isEntry(workload)) return true;
    if (!istiodFlag(context.mesh, 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', true)) return false;
    const address = stringAt(workload.resource.object, 'spec', 'address') ?? '';
    return resolution === 'endpoints' && !isNamed(address);
  });
  const known = members.flatMap((workload) => {
    const instance = instanceOf(context, workload);
    return service.ports.flatMap((port) => {
      const target = targetPortOf(port, workload);
      if (target === undefined) return [];
      return [{ ...instance, port: target, servicePort: port.name ?? '', servicePortNumber: undefined }];
    });
  });
  return [...known, ...unmanagedEndpoints(context.mesh, service)];
}

function portByName(ports: JsonObject | undefined, name: string): number | undefined {
  const mapped = ports !== undefined && Object.hasOwn(ports, name) ? ports[name] : undefined;
  return typeof mapped === 'number' && mapped > 0 ? mapped : undefined;
}

/** Container ports by name; the first of a name counts. */
function namedPorts(workload: Workload): JsonObject {
  const named = workload.containers
    .filter(({ list, spec }) => list === 'containers' || spec['restartPolicy'] === 'Always')
    .flatMap(({ ports }) => ports)
    .filter(({ name }) => name !== undefined);
  return Object.fromEntries(named.reverse().map(({ name, number }) => [name ?? '', number]));
}

/** A socket, the instance's own port of that name, the entry's target port, or its number, in this order. */
function entryPort(instance: Instance, ports: JsonObject | undefined, port: JsonValue): ServiceEndpoint[] {
  const number = valueAt(port, ['number']);
  if (typeof number !== 'number') return [];
  const name = stringAt(port, 'name') ?? '';
  const target = valueAt(port, ['targetPort']);
  const written = typeof target === 'number' && target > 0 ? target : number;
  const isSocket = instance.address?.startsWith('unix://') === true;
  return [
    {
      ...instance,
      port: isSocket ? 0 : (portByName(ports, name) ?? written),
      servicePort: name,
      servicePortNumber: number,
    },
  ];
}

function selected(context: InstanceContext, entry: Resource, isDns: boolean): readonly Workload[] {
  const labels = stringMap(objectAt(entry.object, 'spec', 'workloadSelector', 'labels'));
  const found = context.mesh
    .workloadsMatching(context.mesh.namespaceOf(entry), labels)
    .filter(usable)
    .filter((workload) => {
      if (!isEntry(workload)) return istiodFlag(context.mesh, 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', true);
      return isDns || !isNamed(stringAt(workload.resource.object, 'spec', 'address') ?? '');
    });
  return [...found].sort((a, b) => Number(isEntry(b)) - Number(isEntry(a)) || compareText(a.name, b.name));
}

function written(context: InstanceContext, entry: Resource, index: number): Instance {
  const path = ['spec', 'endpoints', index];
  const labels = stringMap(objectAt(entry.object, ...path, 'labels'));
  const namespace = context.mesh.namespaceOf(entry);
  return writtenInstance(context, { workload: undefined, resource: entry, path, namespace, labels });
}

function hostItself(host: string, namespace: string): Instance {
  return {
    workload: undefined,
    address: host,
    namespace,
    labels: {},
    tlsMode: 'disabled',
    tunnel: false,
    account: '',
    missing: [],
  };
}

/**
 * Endpoints of one host of a ServiceEntry: those it selects, else those it lists, else for DNS the host itself
 * (convertServiceEntryToInstances in pilot/pkg/serviceregistry/serviceentry/conversion.go).
 */
function entryEndpoints(
  context: InstanceContext,
  { resource, host, namespace, resolution }: RegistryService,
): readonly ServiceEndpoint[] {
  const ports = listAt(resource.object, 'spec', 'ports');
  const isDns = resolution === 'dns' || resolution === 'dns-round-robin';
  if (objectAt(resource.object, 'spec', 'workloadSelector') !== undefined)
    return selected(context, resource, isDns).flatMap((workload) => {
      const instance = instanceOf(context, workload);
      const own = isEntry(workload)
        ? objectAt(workload.resource.object, 'spec', 'ports')
        : namedPorts(workload);
      return ports.flatMap((port) => entryPort(instance, own, port));
    });
  const endpoints = listAt(resource.object, 'spec', 'endpoints');
  if (endpoints.length === 0 && isDns)
    return ports.flatMap((port) => entryPort(hostItself(host, namespace), undefined, port));
  return endpoints.flatMap((endpoint, index) => {
    if (!isObject(endpoint)) return [];
    const instance = written(context, resource, index);
    return ports.flatMap((port) => entryPort(instance, objectAt(endpoint, 'ports'), port));
  });
}

/** A cluster that resolves a name round robin has one address a port: the first (mergeServicesInstancesByNamespaceHost). */
function firstOfEachPort(
  services: readonly (readonly [RegistryService, readonly ServiceEndpoint[]])[],
): readonly ServiceEndpoint[] {
  const ports = new Set<number | undefined>();
  return services.flatMap(([{ resolution }, endpoints]) =>
    endpoints.filter(({ servicePortNumber }) => {
      const repeats = resolution === 'dns-round-robin' && ports.has(servicePortNumber);
      if (!repeats) ports.add(servicePortNumber);
      return !repeats;
    }),
  );
}

/** All endpoints of a host in a namespace, whichever objects declare them: Kubernetes' first. */
export type EndpointsOf = (services: readonly RegistryService[]) => readonly ServiceEndpoint[];

/** Collects the endpoints of the services of one host and namespace (pilot/pkg/model/endpointshards.go); each set once. */
export function endpointsOf(context: InstanceContext): EndpointsOf {
  const kept = new Map<RegistryService, readonly ServiceEndpoint[]>();
  return (services) => {
    const [first] = services;
    if (first === undefined) return [];
    return getOrMake(kept, first, () => {
      const native = services.flatMap((each) =>
        each.service === undefined ? [] : kubernetesEndpoints(context, each.service, each),
      );
      const entries = services.filter(({ service }) => service === undefined);
      return [
        ...native,
        ...firstOfEachPort(entries.map((each) => [each, entryEndpoints(context, each)] as const)),
      ];
    });
  };
}

/** True when the input shows who serves a Service: a partial one without any workload for its selector does not. */
export function showsEndpoints(mesh: Mesh, { service }: RegistryService): boolean {
  if (mesh.scope === 'complete' || service === undefined) return true;
  return mesh.workloadsOf(service).length > 0;
}
