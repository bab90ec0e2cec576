import { defineCheck, fail, notApplicable, pass, whenKnown, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'CAP-005',
    title: 'Ambient workload takes inbound traffic past ztunnel',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads in ambient mode',
    messages: {
      bypass:
        'Inbound traffic of {subjects} is told to go past ztunnel: neither mTLS nor policies are enforced.',
    },
    remediation:
      'Remove the annotation ambient.istio.io/bypass-inbound-capture from the pod template of {subjects}.',
    controls: [
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204a/SM-DR6',
      'nist-800-207a/ID-SEG-REC-1',
    ],
  },
  subjects: workloads,
  judge: (workload, { policies }) =>
    whenKnown(policies.capture(workload), ({ value: { limits } }) => {
      const bypass = limits.find(({ kind }) => kind === 'ambient-bypass');
      if (bypass !== undefined) return fail({ message: 'bypass', at: bypass.at });
      const enrolment = policies.enrolment(workload);
      const isAmbient = enrolment.known && enrolment.value.dataPlane === 'ambient';
      return isAmbient ? pass : notApplicable('workload is not in ambient mode');
    }),
});
