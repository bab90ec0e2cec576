import type { Workload } from '#mesh/mesh.js';
import { systemNamespaces } from './injection-webhooks.js';

const components: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['app', new Set(['istiod', 'ztunnel', 'istio-cni', 'pilot', 'galley', 'sidecarInjectorWebhook'])],
  ['app.kubernetes.io/name', new Set(['istiod', 'ztunnel', 'istio-cni'])],
  ['k8s-app', new Set(['istio-cni-node'])],
  ['istio', new Set(['istiod', 'pilot', 'citadel', 'galley', 'mixer', 'sidecar-injector'])],
  ['name', new Set(['istio-operator'])],
]);

function hasAny({ labels }: Workload): boolean {
  return Object.keys(labels).some((label) => components.get(label)?.has(labels[label] ?? '') === true);
}

/**
 * True for Istio's own control plane and node agents (istiod, ztunnel, CNI node agent, operator, and istiod's
 * predecessors): they make the mesh and are no members of it.
 * Labels: manifests/charts/istio-control/istio-discovery, manifests/charts/ztunnel, manifests/charts/istio-cni.
 */
export function isControlPlane(workload: Workload): boolean {
  return (
    hasAny(workload) || workload.containers.some(({ name }) => name === 'discovery' || name === 'install-cni')
  );
}

const known = new WeakMap<Workload, boolean>();

/** True for workloads that are in no mesh by their nature: Istio's own, and those of Kubernetes' system namespaces. */
export function isOutsideByNature(workload: Workload): boolean {
  let isOutside = known.get(workload);
  if (isOutside === undefined) {
    isOutside = systemNamespaces.has(workload.namespace) || isControlPlane(workload);
    known.set(workload, isOutside);
  }
  return isOutside;
}
