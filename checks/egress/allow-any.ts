import {
  defineCheck,
  fail,
  isOutsideByNature,
  notApplicable,
  pass,
  placeOf,
  readsOtherSettings,
  unknown,
  whenKnown,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-001',
    title: 'Workload may call any destination outside the mesh',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      set: 'Outbound traffic mode {mode} is set: {subjects} may call any address outside the mesh, past every policy.',
      default:
        'No outboundTrafficPolicy is set, so ALLOW_ANY holds: {subjects} may call any address outside the mesh, past every policy.',
    },
    remediation:
      'Set outboundTrafficPolicy.mode to REGISTRY_ONLY in the mesh config (or in a Sidecar of the namespace) and declare what is needed as ServiceEntry; enforce it with a NetworkPolicy or an egress gateway.',
    controls: [
      'nist-800-204a/SM-DR8',
      'nist-800-53-r5/SC-7(5)',
      'pci-dss-4.0.1/1.3.2',
      'istio-best-practices/registry-only',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const { mesh, policies } = context;
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    const enrolment = policies.enrolment(workload);
    if (!enrolment.known && readsOtherSettings(context)) return unknown(enrolment.missing);
    if (enrolment.known && enrolment.value.dataPlane !== 'sidecar')
      return notApplicable('workload has no sidecar: outboundTrafficPolicy is not for it');
    return whenKnown(policies.outboundTraffic(workload), ({ value: { mode }, decidedBy }) => {
      if (mode === 'REGISTRY_ONLY') return pass;
      if (decidedBy !== 'default') return fail({ message: 'set', at: decidedBy, data: { mode } });
      return fail({
        message: 'default',
        at: mesh.settings.sources[0] ?? placeOf(workload),
        cause: 'no outboundTrafficPolicy',
      });
    });
  },
});
