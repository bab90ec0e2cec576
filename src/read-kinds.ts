/** Kinds outside Istio's own groups that decisions read, by API group. */
const kindsOfGroup: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Service', 'Pod', 'ConfigMap', 'Endpoints', 'ReplicationController', 'DeploymentConfig'],
  apps: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  extensions: ['Deployment', 'DaemonSet', 'ReplicaSet'],
  batch: ['Job', 'CronJob'],
  'argoproj.io': ['Rollout', 'Application'],
  'helm.toolkit.fluxcd.io': ['HelmRelease'],
  'apps.openshift.io': ['DeploymentConfig'],
  'discovery.k8s.io': ['EndpointSlice'],
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
};

const wholeGroups: ReadonlySet<string> = new Set([
  'istio.io',
  'gateway.networking.k8s.io',
  'gateway.networking.x-k8s.io',
  'sailoperator.io',
]);

/** True for the kinds that some decision or check reads; all others are counted and left alone. */
export function isRead(group: string, kind: string): boolean {
  if (wholeGroups.has(group) || group.endsWith('.istio.io')) return true;
  return Object.hasOwn(kindsOfGroup, group) && kindsOfGroup[group]?.includes(kind) === true;
}
