import { defineCheck, fail, pass, whenRedirected, workloads } from '#check';
import type { CaptureLimit, CheckContext, Workload } from '#check';

/** Ports at which no listener of a Sidecar stands in for the redirection that is missing. */
function unservedPorts(
  workload: Workload,
  { at }: CaptureLimit,
  { policies }: CheckContext,
): readonly number[] {
  const ports = policies.inboundPorts(workload).map(({ number }) => number);
  return ports.filter((port) => {
    const mode = policies.peerMtls(workload, port);
    return mode.known && mode.decidedBy !== 'default' && mode.decidedBy.resource === at.resource;
  });
}

export default defineCheck({
  meta: {
    id: 'CAP-003',
    title: 'Traffic is not led through the proxy',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      inbound:
        'Interception mode NONE leads no traffic of {subjects} through the proxy: without mTLS or policies one reaches port {port}.',
      none: 'Interception mode NONE leads no traffic of {subjects} through the proxy: what the application sends past it meets no mTLS and no policy.',
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
      if (off === undefined) return pass;
      const open = unservedPorts(workload, off, context);
      return open.length === 0
        ? fail({ message: 'none', at: off.at, severity: 'low' })
        : fail(...open.map((port) => ({ message: 'inbound' as const, at: off.at, data: { port } })));
    }),
});
