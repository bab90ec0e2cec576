import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';

const kept = new WeakMap<Mesh, ReadonlyMap<string, readonly Workload[]>>();

/** Workloads that run as a service account. */
export function workloadsOfAccount(mesh: Mesh, namespace: string, account: string): readonly Workload[] {
  const index = getOrMake(kept, mesh, () => {
    const byAccount = new Map<string, Workload[]>();
    for (const workload of mesh.workloads)
      getOrMake(byAccount, `${workload.namespace}/${workload.serviceAccount}`, () => []).push(workload);
    return byAccount;
  });
  return index.get(`${namespace}/${account}`) ?? [];
}

/**
 * The account that istiod makes for the pods of a Gateway of the Gateway API: `<gateway>-<class>`, or the gateway's own
 * name for waypoints (pilot/pkg/config/kube/gateway/deploymentcontroller.go).
 */
function isOfGateway(mesh: Mesh, namespace: string, account: string): boolean {
  return mesh.inNamespace('gateway.networking.k8s.io', 'Gateway', namespace).some(({ name, object }) => {
    const className = stringAt(object, 'spec', 'gatewayClassName') ?? '';
    return account === name || account === `${name}-${className}`;
  });
}

/**
 * True when the input shows that a service account exists: its object, a workload that runs as it, or a Gateway. Every
 * namespace has the account `default`.
 */
export function accountExists(mesh: Mesh, namespace: string, account: string): boolean {
  return (
    (account === 'default' && mesh.namespaces.has(namespace)) ||
    mesh.find('', 'ServiceAccount', namespace, account) !== undefined ||
    workloadsOfAccount(mesh, namespace, account).length > 0 ||
    isOfGateway(mesh, namespace, account)
  );
}

/** How a workload is called beyond its own name: what versions and copies of one application have in common. */
function applicationOf({ labels, name }: Workload): string {
  return (
    labels['service.istio.io/canonical-name'] ??
    labels['app.kubernetes.io/name'] ??
    labels['app'] ??
    labels['k8s-app'] ??
    name
  );
}

const stem = (name: string): string =>
  name.replace(/-(?:primary|canary|stable|preview|v\d+|blue|green)$/, '');

const passing: ReadonlySet<Workload['kind']> = new Set(['Job', 'CronJob', 'Pod']);

/**
 * Workloads of one account that belong to different applications: they share no name, no label of an application and
 * no Service. Jobs are left aside: they run for the application whose account they use.
 */
export function differentApplications(mesh: Mesh, workloads: readonly Workload[]): readonly Workload[] {
  const lasting = workloads.filter(({ kind }) => !passing.has(kind));
  if (lasting.length < 2) return [];
  const groups: Workload[][] = [];
  for (const workload of lasting) {
    const services = new Set(mesh.servicesOf(workload));
    const application = stem(applicationOf(workload));
    const group = groups.find((members) =>
      members.some(
        (other) =>
          stem(applicationOf(other)) === application ||
          mesh.servicesOf(other).some((service) => services.has(service)),
      ),
    );
    if (group === undefined) groups.push([workload]);
    else group.push(workload);
  }
  return groups.length < 2 ? [] : groups.flatMap(([first]) => first ?? []);
}
