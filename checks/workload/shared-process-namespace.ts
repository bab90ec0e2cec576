import { defineCheck, fail, notApplicable, pass, whenEnrolled, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'WL-006',
    title: 'Containers share their processes with the proxy',
    severity: 'low',
    confidence: 'medium',
    examines: 'workloads with sidecars',
    messages: {
      shared:
        'The containers of {subjects} share one process namespace with the proxy: one that runs as root can stop it, and with CAP_SYS_PTRACE or the same user id read its keys.',
    },
    remediation: 'Remove shareProcessNamespace from the pod template of {subjects}.',
    controls: ['nist-800-53-r5/SC-39', 'nist-800-204b/AHLC-SR-4', 'cis-kubernetes-2.0.1/5.6.3'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    if (workload.podSpec['shareProcessNamespace'] !== true) return pass;
    const at = { resource: workload.resource, path: [...workload.podPath, 'spec', 'shareProcessNamespace'] };
    return whenEnrolled(workload, context, (dataPlane) =>
      dataPlane === 'sidecar' ? fail({ message: 'shared', at }) : notApplicable('workload has no sidecar'),
    );
  },
});
