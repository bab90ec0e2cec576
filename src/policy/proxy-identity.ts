import type { FieldRef } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh, Workload } from '#mesh/mesh.js';
import { perMesh } from './gateway/per-mesh.js';
import { isProxyContainer } from './proxy-container.js';

/** A container that runs as the proxy's user or group, and the field that makes it. */
export interface ProxyImpostor {
  readonly container: string;
  readonly field: 'runAsUser' | 'runAsGroup';
  readonly id: number;
  readonly at: FieldRef;
}

interface ProxyIds {
  readonly runAsUser: number;
  readonly runAsGroup: number;
}

/** Highest number of an OpenShift block, `start/size` or `start-end` (pkg/kube/inject/openshift.go). */
function blockEnd(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)([/-])(\d+)$/.exec(text.split(',')[0] ?? '');
  if (match === null) return undefined;
  const [start, other] = [Number(match[1]), Number(match[3])];
  return match[2] === '/' ? start + other - 1 : other;
}

/** User and group id of the proxy: 1337, or on OpenShift the highest of the namespace's ranges (GetProxyIDs in pkg/kube/inject/inject.go). */
function readProxyIds(mesh: Mesh, namespace: string): ProxyIds {
  const annotations = mesh.namespaces.get(namespace)?.annotations ?? {};
  const users = annotations['openshift.io/sa.scc.uid-range'];
  const groups = annotations['openshift.io/sa.scc.supplemental-groups'] ?? users;
  return { runAsUser: blockEnd(users) ?? 1337, runAsGroup: blockEnd(groups) ?? 1337 };
}

const idsOfNamespaces = perMesh(() => new Map<string, ProxyIds>());

const proxyIdsIn = (mesh: Mesh, namespace: string): ProxyIds =>
  getOrMake(idsOfNamespaces(mesh), namespace, () => readProxyIds(mesh, namespace));

function runsWhileServing({ list, spec }: Container): boolean {
  return list === 'containers' || (list === 'initContainers' && spec['restartPolicy'] === 'Always');
}

function impostor(workload: Workload, container: Container, ids: ProxyIds): ProxyImpostor | undefined {
  if (container.spec['securityContext'] === undefined && workload.podSpec['securityContext'] === undefined)
    return undefined;
  for (const field of ['runAsUser', 'runAsGroup'] as const) {
    const own = valueAt(container.spec, ['securityContext', field]) ?? undefined;
    const effective = own ?? valueAt(workload.podSpec, ['securityContext', field]);
    if (effective !== ids[field]) continue;
    const holder = own === undefined ? [...workload.podPath, 'spec'] : container.path;
    const at = { resource: workload.resource, path: [...holder, 'securityContext', field] };
    return { container: container.name, field, id: ids[field], at };
  }
  return undefined;
}

/**
 * Containers whose traffic istio-iptables takes for the proxy's own and lets out, because they run as its user or
 * group. Init containers that end before the application starts are left out: there is no proxy yet.
 */
export function proxyImpostors(mesh: Mesh, workload: Workload): readonly ProxyImpostor[] {
  const ids = proxyIdsIn(mesh, workload.namespace);
  const found: ProxyImpostor[] = [];
  for (const container of workload.containers) {
    if (!runsWhileServing(container) || isProxyContainer(container)) continue;
    const one = impostor(workload, container, ids);
    if (one !== undefined) found.push(one);
  }
  return found;
}
