import {
  defineCheck,
  fail,
  gatewayNameLabel,
  istiodFlag,
  notApplicable,
  pass,
  whenEnrolled,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'ENR-009',
    title: 'Ordinary pod carries the label of gateways',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads of the mesh',
    messages: {
      attached:
        'Label {label} makes {subjects} a pod of Gateway {gateway} for istiod: policies with targetRefs to that Gateway are enforced there as well, and their ALLOW rules let in what they are to let into the gateway.',
      unguarded:
        'Label {label} makes {subjects} a pod of Gateway {gateway} for istiod, and ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY is false: no policy but those with targetRefs to that Gateway is enforced there, not even those of the namespace and the mesh.',
    },
    remediation:
      'Remove the label {label} from the pod template of {subjects}; Istio sets it on gateways by itself.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-25'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const gateway = Object.hasOwn(workload.labels, gatewayNameLabel)
      ? workload.labels[gatewayNameLabel]
      : undefined;
    if (gateway === undefined) return pass;
    return whenEnrolled(workload, context, (dataPlane) => {
      if (dataPlane === 'ambient') return notApplicable('ztunnel does not look at the label');
      const { mesh } = context.policies.seenBy(workload);
      const counts = istiodFlag(mesh, 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY', true);
      const { resource, podPath } = workload;
      const at = { resource, path: [...podPath, 'metadata', 'labels', gatewayNameLabel] };
      const data = { label: gatewayNameLabel, gateway };
      return counts
        ? fail({ message: 'attached', at, data })
        : fail({ message: 'unguarded', at, data, severity: 'high' });
    });
  },
});
