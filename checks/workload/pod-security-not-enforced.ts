import { defineCheck, fail, namespaces, notApplicable, pass, unknown } from '#check';

const label = 'pod-security.kubernetes.io/enforce';

export default defineCheck({
  meta: {
    id: 'WL-013',
    title: 'Nothing keeps privileged pods out of a namespace of the mesh',
    severity: 'low',
    confidence: 'low',
    profile: 'strict',
    examines: 'namespaces with enrolled workloads',
    messages: {
      absent:
        'Label {label} is missing on namespace {namespace}: a pod that takes its proxy out of the way, by NET_ADMIN or the host network, is let in.',
      privileged:
        'Namespace {namespace} lets privileged pods in ({label}=privileged): one that takes its proxy out of the way is among them.',
    },
    remediation:
      'Set label {label}=baseline or restricted on namespace {namespace}; with sidecars that needs the CNI plugin of Istio.',
    controls: [
      'nist-800-53-r5/AC-6',
      'nist-800-204b/AHLC-SR-4',
      'cis-kubernetes-2.0.1/5.6.3',
      'istio-best-practices/cni-plugin',
    ],
  },
  subjects: namespaces,
  judge: ({ name, resource, labels }, { mesh, policies }) => {
    const isMember = mesh.workloadsIn(name).some((workload) => {
      const enrolment = policies.enrolment(workload);
      return enrolment.known && /^(?:sidecar|ambient)$/.test(enrolment.value.dataPlane);
    });
    if (!isMember) return notApplicable('no workload of the namespace is known to be in the mesh');
    if (resource === undefined)
      return unknown([{ key: 'namespace-labels', text: `labels of namespace ${name}` }]);
    const level = Object.hasOwn(labels, label) ? labels[label] : undefined;
    const data = { namespace: name, label };
    if (level === undefined)
      return fail({
        message: 'absent',
        at: { resource, path: ['metadata', 'labels'] },
        like: 'absent',
        data,
      });
    const at = { resource, path: ['metadata', 'labels', label] };
    return level === 'privileged' ? fail({ message: 'privileged', at, data }) : pass;
  },
});
