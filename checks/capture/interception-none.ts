import { defineCheck, fail, pass, whenRedirected, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'CAP-003',
    title: 'Traffic is not led through the proxy',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      none: 'Interception mode NONE leads no traffic of {subjects} through the proxy: its ports are reached without mTLS or policies.',
    },
    remediation: 'Remove interception mode NONE from {subjects}, so that REDIRECT holds.',
    controls: [
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204a/SM-DR6',
      'nist-800-207a/ID-SEG-REC-1',
    ],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whenRedirected(workload, context, (limits) => {
      const off = limits.find(({ kind }) => kind === 'interception-none');
      return off === undefined ? pass : fail({ message: 'none', at: off.at });
    }),
});
