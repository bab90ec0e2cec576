import { defineCheck, fail, pass, placeOf, whenKnown, whetherEnrolledOrNot, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-001',
    title: 'Nothing denies by default',
    severity: 'high',
    confidence: 'high',
    examines: 'enrolled workloads',
    messages: {
      open: 'No ALLOW policy applies to {subjects}: every request that no DENY policy matches is let in.',
    },
    remediation:
      'Add an AuthorizationPolicy with an empty spec (`spec: {}`) to namespace {root} for the whole mesh, or to {namespace}; then allow what is needed, workload by workload.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-53-r5/AC-3',
      'nist-800-204b/SAUZ-SR-1',
      'nist-800-207a/ID-SEG-REC-3',
      'pci-dss-4.0.1/7.3.3',
      'istio-best-practices/default-deny',
    ],
    aliases: ['KIA1301', 'prisma/452'],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whetherEnrolledOrNot(workload, context, () =>
      whenKnown(context.policies.authorization(workload), ({ value: { defaultAction } }) =>
        defaultAction === 'deny'
          ? pass
          : fail({
              message: 'open',
              at: placeOf(workload),
              cause: 'no ALLOW policy applies',
              data: { namespace: workload.namespace, root: context.mesh.settings.rootNamespace },
            }),
      ),
    ),
});
