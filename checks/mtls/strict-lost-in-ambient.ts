import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  peerModeAsWritten,
  usesAmbient,
  whenKnown,
  workloads,
} from '#check';
import type { CheckContext, Workload } from '#check';

function judgePort(workload: Workload, port: number | '*', { mesh, policies }: CheckContext) {
  const enrolment = policies.enrolment(workload);
  const written = peerModeAsWritten(mesh, { workload, enrolment }, port);
  return whenKnown(written, ({ value: mode, decidedBy }) => {
    if (mode !== 'STRICT' || decidedBy === 'default') return pass;
    return whenKnown(policies.peerMtls(workload, port), ({ value: enforced, considered }) => {
      if (enforced === 'STRICT') return pass;
      return fail({
        message: 'lost',
        at: decidedBy,
        data: { policy: describe(mesh, decidedBy.resource) },
        related: considered.filter(({ at }) => at.resource !== decidedBy.resource),
      });
    });
  });
}

export default defineCheck({
  meta: {
    id: 'MTLS-006',
    title: 'STRICT is not enforced in ambient mode',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads in ambient mode',
    messages: {
      lost: '{policy} says STRICT, but the way in which the PeerAuthentications are written ztunnel is not told of it: {subjects} can be called in plaintext.',
    },
    remediation:
      'Write {policy} without a selector field (an empty one is not the same), and give each workload-specific PeerAuthentication beside it a mode of its own.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-207a/ID-SEG-REC-1',
      'pci-dss-4.0.1/2.2.7',
      'istio-best-practices/strict-mtls',
    ],
  },
  subjects: workloads,
  unless: ({ mesh }) => (usesAmbient(mesh) ? undefined : 'nothing in the input is in ambient mode'),
  judge: (workload, context) => {
    return whenKnown(context.policies.enrolment(workload), ({ value: { dataPlane } }) => {
      if (dataPlane !== 'ambient') return notApplicable('workload is not in ambient mode');
      const ports = context.policies.inboundPorts(workload).map(({ number }) => number);
      return allOf(
        (ports.length === 0 ? (['*'] as const) : ports).map((port) => judgePort(workload, port, context)),
      );
    });
  },
});
