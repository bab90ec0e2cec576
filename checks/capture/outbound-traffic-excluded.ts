import { defineCheck, fail, pass, whenRedirected, workloads } from '#check';
import type { CaptureLimit } from '#check';

const kinds = new Set<CaptureLimit['kind']>([
  'included-ports-only',
  'excluded-ports',
  'included-ranges-only',
  'excluded-ranges',
  'excluded-interfaces',
]);

export default defineCheck({
  meta: {
    id: 'CAP-004',
    title: 'Outbound traffic bypasses the proxy',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      excluded: 'For {subjects} {note}: no mTLS, no egress rule and no log applies there.',
    },
    remediation:
      'Remove the annotation that limits outbound capture from the pod template of {subjects}; declare the destination as a ServiceEntry instead.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-204a/SM-DR8',
      'pci-dss-4.0.1/1.3.2',
      'istio-best-practices/traffic-capture',
    ],
    aliases: ['uds/RestrictIstioTrafficOverrides'],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whenRedirected(workload, context, (limits) => {
      const outbound = limits.filter(({ direction, kind }) => direction === 'outbound' && kinds.has(kind));
      if (outbound.length === 0) return pass;
      return fail(...outbound.map(({ at, note }) => ({ message: 'excluded' as const, at, data: { note } })));
    }),
});
