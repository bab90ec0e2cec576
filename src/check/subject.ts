import type { FieldRef, Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Namespace, Service, Workload } from '#mesh/mesh.js';
import type { EffectivePolicies, GatewayServer, InboundPort } from '#policy/policies.js';

/** What a check is given to ask. */
export interface CheckContext {
  readonly mesh: Mesh;
  readonly policies: EffectivePolicies;
}

/** A subject's name in reports, the same from run to run. */
export interface SubjectRef {
  /** `Workload`, `Port`, `Namespace`, `Mesh`, `GatewayServer`, or the resource's own kind. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Where it stands in the input; undefined only for a mesh or namespace that no resource declares. */
  readonly at: FieldRef | undefined;
}

/** Something a check judges, with its name. */
export interface Subject<T> {
  readonly ref: SubjectRef;
  readonly value: T;
}

/** A port of a workload, as a subject. */
export interface WorkloadPort {
  readonly workload: Workload;
  readonly port: InboundPort;
}

/** A name as people write it: `namespace/name`, or the name alone when there is no namespace. */
export function nameOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** A thing in a sentence: `PeerAuthentication bookinfo/default`; `Gateway without a name`. */
export function kindAndName({ kind, namespace, name }: Omit<SubjectRef, 'at'>): string {
  if (name === '') return kind === 'Mesh' ? kind : `${kind} without a name`;
  return `${kind} ${nameOf(namespace, name)}`;
}

/** A resource in a sentence: `PeerAuthentication bookinfo/default`. */
export function describe(mesh: Mesh, resource: Resource): string {
  return kindAndName({ kind: resource.kind, name: resource.name, namespace: mesh.namespaceOf(resource) });
}

const isReported = (resource: Resource): boolean => resource.reported;

/** A workload as a place: its pod template. */
export function placeOf(workload: Workload): FieldRef {
  return { resource: workload.resource, path: workload.podPath };
}

const workloadRef = (workload: Workload): SubjectRef => ({
  kind: workload.kind,
  namespace: workload.namespace,
  name: workload.name,
  at: placeOf(workload),
});

/** Many checks judge the same things: their names are made once. */
const workloadSubjects = new WeakMap<Mesh, readonly Subject<Workload>[]>();
const serviceSubjects = new WeakMap<Mesh, readonly Subject<Service>[]>();
const resourceSubjects = new WeakMap<Mesh, Map<string, readonly Subject<Resource>[]>>();

/** Every reported workload. */
export function workloads({ mesh }: CheckContext): readonly Subject<Workload>[] {
  return getOrMake(workloadSubjects, mesh, () =>
    mesh.workloads
      .filter((workload) => isReported(workload.resource))
      .map((workload) => ({ ref: workloadRef(workload), value: workload })),
  );
}

/** Every declared or targeted port of every reported workload. */
export function workloadPorts({ mesh, policies }: CheckContext): readonly Subject<WorkloadPort>[] {
  return mesh.workloads
    .filter((workload) => isReported(workload.resource))
    .flatMap((workload) => {
      const { kind, namespace, name } = workload;
      const at = placeOf(workload);
      return policies.inboundPorts(workload).map((port) => ({
        ref: { kind: 'Port', namespace, name: `${kind}/${name}:${String(port.number)}`, at },
        value: { workload, port },
      }));
    });
}

/** A resource's name as a subject. */
export function resourceRef(mesh: Mesh, resource: Resource): SubjectRef {
  return {
    kind: resource.kind,
    namespace: mesh.namespaceOf(resource),
    name: resource.name,
    at: { resource, path: [] },
  };
}

/** Every reported resource of one kind, oldest first. */
export function resources({ mesh }: CheckContext, group: string, kind: string): readonly Subject<Resource>[] {
  const made = getOrMake(resourceSubjects, mesh, () => new Map<string, readonly Subject<Resource>[]>());
  return getOrMake(made, `${group}/${kind}`, () =>
    mesh
      .ofKind(group, kind)
      .filter(isReported)
      .map((resource) => ({ ref: resourceRef(mesh, resource), value: resource })),
  );
}

/** Every server of every reported gateway. */
export function gatewayServers({ mesh, policies }: CheckContext): readonly Subject<GatewayServer>[] {
  return policies
    .gatewayServers()
    .filter((server) => isReported(server.resource))
    .map((server) => ({
      ref: {
        kind: 'GatewayServer',
        namespace: mesh.namespaceOf(server.resource),
        name: `${server.resource.name}:${String(server.port)}`,
        at: server.at,
      },
      value: server,
    }));
}

/** Every namespace that holds at least one reported workload or is itself reported. */
export function namespaces({ mesh }: CheckContext): readonly Subject<Namespace>[] {
  return [...mesh.namespaces.values()]
    .filter(
      ({ name, resource }) =>
        resource?.reported === true || mesh.workloadsIn(name).some((w) => isReported(w.resource)),
    )
    .map((namespace) => ({
      ref: {
        kind: 'Namespace',
        namespace: '',
        name: namespace.name,
        at: namespace.resource === undefined ? undefined : { resource: namespace.resource, path: [] },
      },
      value: namespace,
    }));
}

/** Every reported Service. */
export function services({ mesh }: CheckContext): readonly Subject<Service>[] {
  return getOrMake(serviceSubjects, mesh, () =>
    mesh.services
      .filter((service) => isReported(service.resource))
      .map((service) => ({ ref: resourceRef(mesh, service.resource), value: service })),
  );
}

/** The mesh itself, as the one subject of checks on mesh-wide settings. */
export function theMesh({ mesh }: CheckContext): readonly Subject<Mesh>[] {
  const at = mesh.settings.sources[0];
  return [{ ref: { kind: 'Mesh', namespace: '', name: mesh.environment, at }, value: mesh }];
}
