import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Exposure } from './exposure.js';
import { isSubset } from './host-name.js';
import { perMesh } from './per-mesh.js';

interface Backend {
  readonly service: string;
  readonly host: string;
  readonly path: string | undefined;
  readonly at: FieldRef;
}

/** Name of a backend's Service, in the current form of the API and the one before it. */
function serviceName(backend: JsonValue | undefined): string | undefined {
  return stringAt(backend, 'service', 'name') ?? stringAt(backend, 'serviceName');
}

function pathText(path: JsonValue): string | undefined {
  const value = stringAt(path, 'path') ?? '/';
  if (stringAt(path, 'pathType') === 'Exact') return value;
  return value === '/' || value === '/*' ? undefined : `${value}…`;
}

function backendsOf(resource: Resource): readonly Backend[] {
  const { object } = resource;
  const byDefault = (['defaultBackend', 'backend'] as const).flatMap((field): readonly Backend[] => {
    const service = serviceName(objectAt(object, 'spec', field));
    const at = { resource, path: ['spec', field] };
    return service === undefined ? [] : [{ service, host: '*', path: undefined, at }];
  });
  const byRule = listAt(object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'http', 'paths').flatMap((entry, number): readonly Backend[] => {
      const service = serviceName(objectAt(entry, 'backend'));
      const path: FieldPath = ['spec', 'rules', index, 'http', 'paths', number];
      const host = stringAt(rule, 'host') ?? '*';
      return service === undefined ? [] : [{ service, host, path: pathText(entry), at: { resource, path } }];
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

function exposure(ingress: Resource, { host, path, at }: Backend): Exposure {
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

function workloadsOf(mesh: Mesh, ingress: Resource, { service }: Backend): readonly Workload[] {
  const host = `${service}.${mesh.namespaceOf(ingress)}.svc.${mesh.settings.domainSuffix}`;
  const found = mesh.serviceByHost(host);
  return found === undefined ? [] : mesh.workloadsOf(found);
}

const exposuresByWorkload = perMesh((mesh: Mesh): ReadonlyMap<Workload, readonly Exposure[]> => {
  const index = new Map<Workload, Exposure[]>();
  const ingresses = ['networking.k8s.io', 'extensions'].flatMap((group) => mesh.ofKind(group, 'Ingress'));
  const backends = ingresses.flatMap((ingress) =>
    backendsOf(ingress).map((backend) => [ingress, backend] as const),
  );
  for (const [ingress, backend] of backends) {
    for (const workload of workloadsOf(mesh, ingress, backend))
      getOrMake(index, workload, () => []).push(exposure(ingress, backend));
  }
  return index;
});

/** How a workload is reached by Kubernetes Ingresses, whichever controller serves them. */
export function ingressExposures(mesh: Mesh, workload: Workload): readonly Exposure[] {
  return exposuresByWorkload(mesh).get(workload) ?? [];
}
