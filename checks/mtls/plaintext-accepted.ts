import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  placeOf,
  whenEnrolled,
  whenKnown,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'MTLS-001',
    title: 'Workload accepts plaintext traffic',
    severity: 'high',
    confidence: 'high',
    examines: 'enrolled workloads with ports',
    messages: {
      default:
        'No PeerAuthentication sets a mode, so PERMISSIVE holds: {subjects} (port {port}) can be called in plaintext.',
      policy: '{policy} sets {mode}: {subjects} (port {port}) can be called in plaintext.',
    },
    remediation:
      'Set spec.mtls.mode to STRICT in the PeerAuthentication without selector of namespace {root} (whole mesh) or {namespace} (that namespace alone).',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-207a/ID-SEG-REC-1',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/2.2.7',
      'istio-best-practices/strict-mtls',
    ],
    aliases: ['prisma/450'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const { mesh, policies } = context;
    const judgePort = (port: number) =>
      whenKnown(policies.peerMtls(workload, port), ({ value: mode, decidedBy }) => {
        if (mode === 'STRICT') return pass;
        const data = { port, mode, namespace: workload.namespace, root: mesh.settings.rootNamespace };
        if (decidedBy === 'default')
          return fail({ message: 'default', at: placeOf(workload), cause: 'no mode set', data });
        const { resource } = decidedBy;
        if (resource.kind !== 'PeerAuthentication') return notApplicable('traffic does not pass the proxy');
        return whenKnown(policies.selection(resource), ({ value: { scope } }) =>
          scope === 'workload-specific'
            ? notApplicable('a workload-specific PeerAuthentication decides')
            : fail({ message: 'policy', at: decidedBy, data: { ...data, policy: describe(mesh, resource) } }),
        );
      });
    return whenEnrolled(workload, context, () => {
      const ports = policies.inboundPorts(workload);
      return ports.length === 0
        ? notApplicable('workload declares no port')
        : allOf(ports.map(({ number }) => judgePort(number)));
    });
  },
});
