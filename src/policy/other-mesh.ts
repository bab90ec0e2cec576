import type { Mesh, Workload } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';

interface Sign {
  readonly mesh: string;
  /** Label or annotation of the pod, else of its namespace. */
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

/** What other service meshes inject their proxies by; as their documentation has it. */
const signs: readonly Sign[] = [
  { mesh: 'Linkerd', key: 'linkerd.io/inject', values: new Set(['enabled', 'ingress']) },
  { mesh: 'Consul', key: 'consul.hashicorp.com/connect-inject', values: new Set(['true']) },
  { mesh: 'Kuma', key: 'kuma.io/sidecar-injection', values: new Set(['enabled', 'true']) },
  { mesh: 'App Mesh', key: 'appmesh.k8s.aws/sidecarInjectorWebhook', values: new Set(['enabled']) },
  {
    mesh: 'Open Service Mesh',
    key: 'openservicemesh.io/sidecar-injection',
    values: new Set(['enabled', 'true']),
  },
];

const valueIn = (key: string, maps: readonly (StringMap | undefined)[]): string | undefined =>
  maps
    .map((map) => (map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined))
    .find((it) => it !== undefined);

/** The other service mesh that a workload's pods are made members of; undefined when nothing shows one. */
export function otherMesh(mesh: Mesh, { labels, annotations, namespace }: Workload): string | undefined {
  const around = mesh.namespaces.get(namespace);
  const maps = [labels, annotations, around?.labels, around?.annotations];
  return signs.find(({ key, values }) => values.has(valueIn(key, maps) ?? ''))?.mesh;
}
