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
  'alb.networking.azure.io': ['WebApplicationFirewallPolicy'],
  'applicationlayer.projectcalico.org': ['GlobalWAFPolicy', 'WAFPolicy'],
  'appprotect.f5.com': ['APPolicy'],
  'apps.openshift.io': ['DeploymentConfig'],
  'argoproj.io': ['Application', 'Rollout'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'cis.f5.com': ['Policy', 'VirtualServer'],
  'cloud.google.com': ['BackendConfig'],
  'discovery.k8s.io': ['EndpointSlice'],
  'elbv2.k8s.aws': ['IngressClassParams'],
  'extensions.higress.io': ['WasmPlugin'],
  'gateway.getambassador.io': ['WebApplicationFirewall', 'WebApplicationFirewallPolicy'],
  'gateway.k8s.aws': ['LoadBalancerConfiguration'],
  'gateway.solo.io': ['HttpListenerOption', 'RouteOption', 'VirtualHostOption', 'VirtualService'],
  'gateway.tsb.tetrate.io': ['Gateway', 'IngressGateway'],
  'gloo.solo.io': ['Upstream'],
  'helm.toolkit.fluxcd.io': ['HelmRelease'],
  'k8s.nginx.org': ['Policy', 'VirtualServer'],
  'maistra.io': ['ServiceMeshControlPlane', 'ServiceMeshMember', 'ServiceMeshMemberRoll'],
  'microgateway.airlock.com': ['ContentSecurity', 'ContentSecurityPolicy', 'DenyRules', 'OpenAPI'],
  'networking.gke.io': ['GCPBackendPolicy', 'MultiClusterService'],
  // What a snapshot of a live cluster says of itself.
  'meshaudit.io': ['Snapshot'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'neuvector.com': ['NvWafSecurityRule'],
  'openappsec.io': ['Policy', 'PolicyNamespaced'],
  'operator.tigera.io': ['ApplicationLayer'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'security.policy.gloo.solo.io': ['WAFPolicy'],
  'security.tsb.tetrate.io': ['SecuritySetting'],
  'traefik.containo.us': ['Middleware'],
  'traefik.io': ['IngressRoute', 'Middleware'],
  'waf.k8s.coraza.io': ['Engine', 'RuleSet'],
  'waf.kubewaf.io': ['WAF'],
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
  'applicationlayer.projectcalico.org': ['GlobalWAFPolicy'],
  'elbv2.k8s.aws': ['IngressClassParams'],
  'neuvector.com': ['NvWafSecurityRule'],
  'apiregistration.k8s.io': ['APIService'],
  'authentication.istio.io': ['MeshPolicy'],
  'cert-manager.io': ['ClusterIssuer'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'openappsec.io': ['Policy'],
  'operator.tigera.io': ['ApplicationLayer'],
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

/** True for the groups that hold a kind that decisions read. */
export function isReadGroup(group: string): boolean {
  if (isIstioGroup(group) || isGatewayApiGroup(group) || group === 'sailoperator.io') return true;
  return Object.hasOwn(kindsByGroup, group) || Object.hasOwn(formerGroups, group);
}

/** The kinds that decisions read, by group, besides those of Istio's and the Gateway API's groups, which are read whole. */
export function readKinds(): Readonly<Record<string, readonly string[]>> {
  return kindsByGroup;
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
