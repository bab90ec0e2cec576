import { builtInKinds } from './generated/kinds.js';

/** Kinds of Kubernetes and of operators that decisions read, by group; Istio's and the Gateway API's groups are read whole. */
const kindsByGroup: Readonly<Record<string, readonly string[]>> = {
  '': ['ConfigMap', 'Endpoints', 'Namespace', 'Pod', 'ReplicationController', 'Secret', 'Service', 'ServiceAccount'],
  apps: ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  batch: ['CronJob', 'Job'],
  'argoproj.io': ['Rollout'],
  'apps.openshift.io': ['DeploymentConfig'],
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'discovery.k8s.io': ['EndpointSlice'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'sailoperator.io': ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel'],
};

/** Groups under which older clusters served a kind that is read today. */
const formerGroups: Readonly<Record<string, readonly string[]>> = {
  extensions: ['DaemonSet', 'Deployment', 'Ingress', 'NetworkPolicy', 'ReplicaSet'],
};

const clusterScopedKinds: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'authentication.istio.io': ['MeshPolicy'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'operator.istio.io': ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel'],
  'policy': ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'rbac.istio.io': ['ClusterRbacConfig'],
  'sailoperator.io': ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
};

/** Every (group, kind) pair of Kubernetes and of operators that decisions read. */
export const readKinds: readonly (readonly [group: string, kind: string])[] = Object.entries(kindsByGroup).flatMap(
  ([group, kinds]) => kinds.map((kind) => [group, kind] as const),
);

const clusterScoped = new Set([
  ...Object.entries(clusterScopedKinds).flatMap(([group, kinds]) => kinds.map((kind) => `${group}/${kind}`)),
  ...builtInKinds.filter((kind) => !kind.namespaced).map(({ group, kind }) => `${group}/${kind}`),
]);

function lists(kinds: Readonly<Record<string, readonly string[]>>, group: string, kind: string): boolean {
  return Object.hasOwn(kinds, group) && kinds[group]?.includes(kind) === true;
}

/** True for the kinds that decisions read; documents of other kinds are counted and left unparsed. */
export function isReadKind(group: string, kind: string): boolean {
  if (isIstioGroup(group) || isGatewayApiGroup(group)) return true;
  return lists(kindsByGroup, group, kind) || lists(formerGroups, group, kind);
}

/** True for `istio.io` and its subdomains: Istio's own API groups, present and past. */
export function isIstioGroup(group: string): boolean {
  return group === 'istio.io' || group.endsWith('.istio.io');
}

/** True for the groups of the Kubernetes Gateway API, standard and experimental. */
export function isGatewayApiGroup(group: string): boolean {
  return group === 'gateway.networking.k8s.io' || group === 'gateway.networking.x-k8s.io';
}

/** True for kinds whose objects have no namespace; a kind that is not known here is taken as namespaced. */
export function isClusterScoped(group: string, kind: string): boolean {
  return clusterScoped.has(`${group}/${kind}`);
}
