import { defineCheck, fail, isOutsideByNature, notApplicable, pass, unknown, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'ENR-002',
    title: 'Pod on the host network can not be in the mesh',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads that could be in a mesh',
    messages: {
      asked: 'The host network keeps {subjects} out of the mesh, although this asks to be in it: {reason}.',
    },
    remediation:
      'Remove hostNetwork: true from the pod template of {subjects}; where the pod needs the node, keep it out of reach of others with a host firewall and opt it out of the mesh openly.',
    controls: [
      'nist-800-207a/ID-SEG-REC-1',
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/SC-7',
      'cis-kubernetes-2.0.1/5.2.5',
    ],
  },
  subjects: workloads,
  judge: (workload, { policies }) => {
    if (!workload.hostNetwork) return pass;
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    const now = policies.enrolment(workload);
    if (now.known && now.value.dataPlane !== 'none') return notApplicable('pod brings its proxy along');
    const otherwise = policies.enrolment({ ...workload, hostNetwork: false });
    if (!otherwise.known) return unknown(otherwise.missing);
    if (otherwise.value.dataPlane === 'none') return notApplicable('nothing asks the pod into the mesh');
    const at = { resource: workload.resource, path: [...workload.podPath, 'spec', 'hostNetwork'] };
    return fail({ message: 'asked', at, data: { reason: otherwise.value.reason } });
  },
});
