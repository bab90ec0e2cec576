import { builtInKinds } from './generated/kinds.js';

/** Kinds of Kubernetes and of operators that decisions read, by group; Istio's and the Gateway API's groups are read whole. */
const kindsByGroup: Readonly<Record<string, readonly string[]>> = {
  '': [
    'ConfigMap',
    'DeploymentConfig',
    'Endpoints',
    'Namespace',
    'Pod',
    'ReplicationController',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  apps: ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apps.openshift.io': ['DeploymentConfig'],
  'argoproj.io': ['Application', 'Rollout'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'discovery.k8s.io': ['EndpointSlice'],
  'helm.toolkit.fluxcd.io': ['HelmRelease'],
  'maistra.io': ['ServiceMeshControlPlane', 'ServiceMeshMember', 'ServiceMeshMemberRoll'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
};

/** Groups under which older clusters served a kind that is read today. */
const formerGroups: Readonly<Record<string, readonly string[]>> = {
  extensions: ['DaemonSet', 'Deployment', 'Ingress', 'ReplicaSet'],
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
  'cert-manager.io': ['ClusterIssuer'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'operator.istio.io': ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel'],
  policy: ['PodSecurityPolicy'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  'project.openshift.io': ['Project'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'rbac.istio.io': ['ClusterRbacConfig'],
  'sailoperator.io': ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'RemoteIstio', 'ZTunnel'],
  'scheduling.k8s.io': ['PriorityClass'],
  'security.openshift.io': ['SecurityContextConstraints'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
};

const clusterScoped = new Set([
  ...Object.entries(clusterScopedKinds).flatMap(([group, kinds]) => kinds.map((kind) => `${group}/${kind}`)),
  ...builtInKinds.filter((kind) => !kind.namespaced).map(({ group, kind }) => `${group}/${kind}`),
]);

function lists(kinds: Readonly<Record<string, readonly string[]>>, group: string, kind: string): boolean {
  return Object.hasOwn(kinds, group) && kinds[group]?.includes(kind) === true;
}

/** True for the kinds that decisions read; documents of other kinds are counted and left unparsed. */
export function isReadKind(group: string, kind: string): boolean {
  if (isIstioGroup(group) || isGatewayApiGroup(group) || group === 'sailoperator.io') return true;
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
