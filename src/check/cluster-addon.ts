import { listAt, objectAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { apiServerCall } from '#policy/api-server-calls.js';
import type { InboundPort } from '#policy/policies.js';

/** Namespaces in which common addons are installed by their own manifests and charts. */
const namespaces: ReadonlySet<string> = new Set([
  'argo-rollouts',
  'argocd',
  'asm-system',
  'calico-system',
  'cattle-system',
  'cert-manager',
  'cnpg-system',
  'crossplane-system',
  'datadog',
  'elastic-system',
  'external-dns',
  'external-secrets',
  'falco',
  'flagger-system',
  'flux-system',
  'gatekeeper-system',
  'grafana',
  'ingress-nginx',
  'jaeger',
  'karpenter',
  'keda',
  'kubernetes-dashboard',
  'kyverno',
  'logging',
  'loki',
  'longhorn-system',
  'metallb-system',
  'monitoring',
  'observability',
  'olm',
  'opentelemetry',
  'operators',
  'prometheus',
  'rook-ceph',
  'sealed-secrets',
  'tracing',
  'velero',
]);

const ofPlatform = /^(?:kube|openshift|gke|cattle)-|-operators?(?:-system)?$/;

/** What kubebuilder and the Operator SDK label the pods of a controller with. */
const controllerLabel = 'control-plane';

function isNodeAgent({ kind, podSpec }: Workload): boolean {
  return (
    kind === 'DaemonSet' &&
    listAt(podSpec, 'volumes').some((volume) => objectAt(volume, 'hostPath') !== undefined)
  );
}

/**
 * Why a workload counts as one that looks after the cluster or the mesh (controllers, webhooks, collectors, node agents),
 * which people leave out of the mesh on purpose; undefined: an application, as far as the input shows.
 */
export function addonReason(
  mesh: Mesh,
  workload: Workload,
  ports: readonly InboundPort[],
): string | undefined {
  const { namespace, labels } = workload;
  if (namespace === mesh.settings.rootNamespace) return 'beside the control plane';
  if (namespaces.has(namespace) || ofPlatform.test(namespace)) return 'namespace of an addon';
  if (Object.hasOwn(labels, controllerLabel)) return 'controller';
  if (isNodeAgent(workload)) return 'node agent';
  return ports.some((port) => apiServerCall(mesh, port) !== undefined)
    ? 'called by the API server'
    : undefined;
}
