import { annotationField, defineCheck, fail, notApplicable, pass, whenKnown, workloads } from '#check';

const requests = ['sidecar.istio.io/proxyCPU', 'sidecar.istio.io/proxyMemory'] as const;
const limits = ['sidecar.istio.io/proxyCPULimit', 'sidecar.istio.io/proxyMemoryLimit'] as const;

export default defineCheck({
  meta: {
    id: 'WL-011',
    title: 'Annotation takes the limits of the proxy away',
    severity: 'low',
    confidence: 'high',
    examines: 'workloads with an injected proxy',
    messages: {
      lost: 'Annotation {annotation} of {subjects} sets a request and no limit: the limits of the installation are dropped with it, and the proxy may take what the node has.',
    },
    remediation:
      'Set sidecar.istio.io/proxyMemoryLimit and sidecar.istio.io/proxyCPULimit beside {annotation} of {subjects}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-kubernetes-2.0.1/5.6.3', 'iso-27001-2022/A.8.9'],
  },
  subjects: workloads,
  judge: (workload, { policies }) => {
    const { annotations } = workload;
    const request = requests.find((name) => Object.hasOwn(annotations, name));
    if (request === undefined || limits.some((name) => Object.hasOwn(annotations, name))) return pass;
    return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) =>
      dataPlane === 'sidecar' || dataPlane === 'gateway'
        ? fail({ message: 'lost', at: annotationField(workload, request), data: { annotation: request } })
        : notApplicable('no proxy is injected into the workload'),
    );
  },
});
