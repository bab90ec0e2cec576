import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';

const clusterScopedKinds: readonly (readonly [group: string, kinds: readonly string[]])[] = [
  ['', ['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus']],
  ['rbac.authorization.k8s.io', ['ClusterRole', 'ClusterRoleBinding']],
  ['apiextensions.k8s.io', ['CustomResourceDefinition']],
  ['apiregistration.k8s.io', ['APIService']],
  [
    'admissionregistration.k8s.io',
    [
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
    ],
  ],
  ['storage.k8s.io', ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment']],
  ['scheduling.k8s.io', ['PriorityClass']],
  ['networking.k8s.io', ['IngressClass', 'IPAddress', 'ServiceCIDR']],
  ['node.k8s.io', ['RuntimeClass']],
  ['policy', ['PodSecurityPolicy']],
  ['flowcontrol.apiserver.k8s.io', ['FlowSchema', 'PriorityLevelConfiguration']],
  ['certificates.k8s.io', ['CertificateSigningRequest', 'ClusterTrustBundle']],
  ['gateway.networking.k8s.io', ['GatewayClass']],
  ['gateway.networking.x-k8s.io', ['XMesh']],
  ['policy.networking.k8s.io', ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']],
  ['sailoperator.io', ['Istio', 'IstioRevision', 'IstioRevisionTag', 'IstioCNI', 'ZTunnel', 'RemoteIstio']],
  ['authentication.istio.io', ['MeshPolicy']],
  ['rbac.istio.io', ['ClusterRbacConfig']],
  ['cert-manager.io', ['ClusterIssuer']],
  ['security.openshift.io', ['SecurityContextConstraints']],
  ['project.openshift.io', ['Project']],
];

const clusterScoped: ReadonlySet<string> = new Set(
  clusterScopedKinds.flatMap(([group, kinds]) => kinds.map((kind) => `${group}/${kind}`)),
);

/** Tells kinds that live outside namespaces, so that no namespace is made up for their objects. */
export type IsClusterScoped = (group: string, kind: string) => boolean;

/** The built-in kinds without a namespace, and those that a CustomResourceDefinition in the input declares. */
export function clusterScopedIn(resources: readonly Resource[]): IsClusterScoped {
  const declared = new Set<string>();
  for (const { kind, object } of resources) {
    if (kind !== 'CustomResourceDefinition' || stringAt(object, 'spec', 'scope') !== 'Cluster') continue;
    declared.add(
      `${stringAt(object, 'spec', 'group') ?? ''}/${stringAt(object, 'spec', 'names', 'kind') ?? ''}`,
    );
  }
  return (group, kind) => clusterScoped.has(`${group}/${kind}`) || declared.has(`${group}/${kind}`);
}
