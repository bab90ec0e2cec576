import { defineCheck, describe, fail, judgeReached, notApplicable, pass, resources, whenKnown } from '#check';

export default defineCheck({
  meta: {
    id: 'JWT-009',
    title: 'Tokens are not checked in ambient mode',
    severity: 'high',
    confidence: 'high',
    examines: 'RequestAuthentications without targetRefs',
    messages: {
      ignored: '{policy} has no targetRefs: ztunnel reads no tokens, so none is checked at {workload}.',
    },
    remediation:
      'Give {policy} targetRefs to the Service or to the waypoint of {workload}, and bind the AuthorizationPolicy that demands a token in the same way.',
    controls: [
      'nist-800-204b/EAUN-SR-1',
      'nist-800-207a/ID-SEG-REC-4',
      'nist-800-53-r5/IA-8',
      'istio-best-practices/mandatory-token',
    ],
    aliases: ['KIA1110', 'KIA1115'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, context) =>
    whenKnown(context.policies.selection(policy), ({ value: selection }) => {
      if (selection.scope === 'target-refs') return notApplicable('policy has targetRefs');
      return judgeReached(selection, context, (workload, dataPlane) =>
        dataPlane === 'ambient'
          ? fail({
              message: 'ignored',
              at: { resource: policy, path: ['spec'] },
              data: {
                policy: describe(context.mesh, policy),
                workload: describe(context.mesh, workload.resource),
              },
            })
          : pass,
      );
    }),
});
