import { defineCheck, describe, fail, notApplicable, pass, whenEnrolled, whenKnown, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'MTLS-003',
    title: 'Workload-specific policy accepts plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'enrolled workloads',
    messages: {
      exception:
        '{policy} sets {mode} for the workloads it selects: {subjects} can be called in plaintext, on every port without a mode of its own.',
    },
    remediation:
      'Set spec.mtls.mode of {policy} to STRICT, or delete the policy so that the mode of the namespace or the mesh applies; if one port needs plaintext, name that port in spec.portLevelMtls.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/AC-14',
      'nist-800-207a/ID-SEG-REC-1',
      'istio-best-practices/strict-mtls',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const { mesh, policies } = context;
    return whenEnrolled(workload, context, () =>
      whenKnown(policies.peerMtls(workload, '*'), ({ value: mode, decidedBy }) => {
        if (decidedBy === 'default') return notApplicable('no workload-specific PeerAuthentication decides');
        const { resource } = decidedBy;
        if (resource.kind !== 'PeerAuthentication') return notApplicable('traffic does not pass the proxy');
        return whenKnown(policies.selection(resource), ({ value: { scope } }) => {
          if (scope !== 'workload-specific')
            return notApplicable('no workload-specific PeerAuthentication decides');
          if (mode === 'STRICT') return pass;
          return fail({
            message: 'exception',
            at: decidedBy,
            data: { policy: describe(mesh, resource), mode },
          });
        });
      }),
    );
  },
});
