import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import type { Exposure } from './exposure.js';
import { isSubset } from './host-name.js';
import { perMesh } from './per-mesh.js';

interface Backend {
  readonly service: string;
  readonly port: number | string | undefined;
  readonly host: string;
  readonly path: string | undefined;
  readonly at: FieldRef;
}

/** Name of a backend's Service, in the current form of the API and the one before it. */
function serviceName(backend: JsonValue | undefined): string | undefined {
  return stringAt(backend, 'service', 'name') ?? stringAt(backend, 'serviceName');
}

/** Number or name of a backend's port, in the current form of the API and the one before it. */
function portOf(backend: JsonValue | undefined): number | string | undefined {
  const port =
    valueAt(backend, ['service', 'port', 'number']) ??
    valueAt(backend, ['service', 'port', 'name']) ??
    valueAt(backend, ['servicePort']);
  return typeof port === 'number' || typeof port === 'string' ? port : undefined;
}

function pathText(path: JsonValue): string | undefined {
  const value = stringAt(path, 'path') ?? '/';
  if (stringAt(path, 'pathType') === 'Exact') return value;
  return value === '/' || value === '/*' ? undefined : `${value}…`;
}

function backendsOf(resource: Resource): readonly Backend[] {
  const { object } = resource;
  const byDefault = (['defaultBackend', 'backend'] as const).flatMap((field): readonly Backend[] => {
    const backend = objectAt(object, 'spec', field);
    const service = serviceName(backend);
    const at = { resource, path: ['spec', field] };
    return service === undefined ? [] : [{ service, port: portOf(backend), host: '*', path: undefined, at }];
  });
  const byRule = listAt(object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'http', 'paths').flatMap((entry, number): readonly Backend[] => {
      const backend = objectAt(entry, 'backend');
      const service = serviceName(backend);
      const path: FieldPath = ['spec', 'rules', index, 'http', 'paths', number];
      const host = stringAt(rule, 'host') ?? '*';
      const at = { resource, path };
      return service === undefined
        ? []
        : [{ service, port: portOf(backend), host, path: pathText(entry), at }];
    }),
  );
  return [...byDefault, ...byRule];
}

/** True when the Ingress has a certificate for a host; one without hosts is for all. */
function hasTls({ object }: Resource, host: string): boolean {
  return listAt(object, 'spec', 'tls').some((entry) => {
    const hosts = stringsAt(entry, 'hosts');
    return hosts.length === 0 || hosts.some((name) => isSubset(host, name));
  });
}

function exposure({ ingress, host, path, at }: IngressWay): Exposure {
  return {
    by: 'ingress',
    gateway: undefined,
    port: undefined,
    host,
    path,
    tls: hasTls(ingress, host) ? 'SIMPLE' : 'PLAINTEXT',
    clientCertificate: 'ignored',
    at,
    server: undefined,
    clusterOnly: false,
    blocked: undefined,
  };
}

/** One backend of an Ingress: the host and path that lead to it, and the Service, where the input holds it. */
export interface IngressWay {
  readonly ingress: Resource;
  readonly host: string;
  readonly path: string | undefined;
  readonly at: FieldRef;
  readonly serviceName: string;
  readonly service: Service | undefined;
  /** Number or name of the Service's port. */
  readonly port: number | string | undefined;
}

/** Every backend of every Ingress of a mesh, whichever controller serves it. */
export const ingressWays = perMesh((mesh: Mesh): readonly IngressWay[] =>
  ['networking.k8s.io', 'extensions']
    .flatMap((group) => mesh.ofKind(group, 'Ingress'))
    .flatMap((ingress) =>
      backendsOf(ingress).map(({ service: name, port, host, path, at }) => ({
        ingress,
        host,
        path,
        at,
        serviceName: name,
        port,
        service: mesh.serviceByHost(`${name}.${mesh.namespaceOf(ingress)}.svc.${mesh.settings.domainSuffix}`),
      })),
    ),
);

const exposuresByWorkload = perMesh((mesh: Mesh): ReadonlyMap<Workload, readonly Exposure[]> => {
  const index = new Map<Workload, Exposure[]>();
  for (const way of ingressWays(mesh)) {
    for (const workload of way.service === undefined ? [] : mesh.workloadsOf(way.service))
      getOrMake(index, workload, () => []).push(exposure(way));
  }
  return index;
});

/** How a workload is reached by Kubernetes Ingresses, whichever controller serves them. */
export function ingressExposures(mesh: Mesh, workload: Workload): readonly Exposure[] {
  return exposuresByWorkload(mesh).get(workload) ?? [];
}
