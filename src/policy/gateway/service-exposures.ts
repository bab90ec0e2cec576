import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import type { Exposure } from './exposure.js';

/** How cloud providers are told to keep a load balancer inside: annotation and value. */
const internalAnnotations: readonly (readonly [string, string])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true'],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true'],
  ['networking.gke.io/load-balancer-type', 'Internal'],
  ['cloud.google.com/load-balancer-type', 'Internal'],
];

function isInternal(resource: Resource): boolean {
  const annotations = objectAt(resource.object, 'metadata', 'annotations') ?? {};
  return internalAnnotations.some(
    ([key, value]) => Object.hasOwn(annotations, key) && annotations[key] === value,
  );
}

/** Where a Service opens a port to the outside. */
interface Opening {
  readonly port: number;
  readonly at: FieldRef;
}

function nodePort(service: Service, path: FieldRef['path']): Opening | undefined {
  const port = valueAt(service.resource.object, [...path, 'nodePort']);
  return typeof port === 'number' && port > 0
    ? { port, at: { resource: service.resource, path: [...path, 'nodePort'] } }
    : undefined;
}

/** True for Services that clients outside of the cluster can reach as far as the Service tells. */
export function isOpen({ type, resource }: Service): boolean {
  if (type === 'LoadBalancer') return !isInternal(resource);
  return type === 'NodePort' || listAt(resource.object, 'spec', 'externalIPs').length > 0;
}

/** Ports of an open Service: its own on a load balancer or external address, the nodes' else. */
function openings(service: Service): readonly Opening[] {
  const { type, resource } = service;
  const hasAddress = type === 'LoadBalancer' || listAt(resource.object, 'spec', 'externalIPs').length > 0;
  return service.ports.flatMap(({ number, path }) => {
    const own = { port: number, at: { resource, path } };
    if (hasAddress) return [own];
    // Node ports that are not written are chosen when the Service is created.
    return [nodePort(service, path) ?? own];
  });
}

/** How a workload is reached straight through its Services: load balancers, node ports, external addresses. */
export function serviceExposures(mesh: Mesh, workload: Workload): readonly Exposure[] {
  return mesh
    .servicesOf(workload)
    .filter(isOpen)
    .flatMap((service) =>
      openings(service).map(({ port, at }) => ({
        by: 'service',
        gateway: undefined,
        port,
        host: stringAt(service.resource.object, 'spec', 'loadBalancerIP') ?? '*',
        path: undefined,
        tls: 'DIRECT',
        clientCertificate: 'ignored',
        at,
        server: undefined,
        clusterOnly: false,
        blocked: undefined,
      })),
    );
}
