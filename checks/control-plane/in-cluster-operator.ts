import { defineCheck, fail, notApplicable, pass, placeOf, workloads } from '#check';

const isOperator = (image: string): boolean => /(?:^|\/)istio(?:-release)?\/operator(?:[:@]|$)/.test(image);

export default defineCheck({
  meta: {
    id: 'CP-020',
    title: 'Istio is installed by an operator in the cluster that is not maintained',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads of Istio itself',
    messages: {
      operator:
        '{subjects} runs the in-cluster operator of Istio, which ended with release 1.23: its account may do almost everything in the cluster, and nobody mends it.',
    },
    remediation:
      'Install by Helm, istioctl or the Sail operator, then delete {subjects} and its ClusterRole.',
    controls: [
      'cis-kubernetes-2.0.1/5.1.1',
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/CM-7',
      'istio-best-practices/supported-release',
    ],
  },
  subjects: workloads,
  judge: (workload) => {
    if (workload.containers.some(({ image }) => isOperator(image)))
      return fail({ message: 'operator', at: placeOf(workload) });
    return workload.containers.some(({ name }) => name === 'discovery')
      ? pass
      : notApplicable('workload is not of the control plane');
  },
});
