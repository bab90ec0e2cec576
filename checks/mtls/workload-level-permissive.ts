import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  policiesAlone,
  whenKnown,
  whetherEnrolledOrNot,
  workloads,
} from '#check';
import type { CheckContext, PolicyAlone, Subject, Workload } from '#check';

type Judged = { readonly workload: Workload } | { readonly alone: PolicyAlone };

/** Workloads, and policies with a selector whose workloads stand elsewhere. */
function subjects(context: CheckContext): readonly Subject<Judged>[] {
  const specific = policiesAlone(context, 'security.istio.io', 'PeerAuthentication').filter(
    ({ value: { scope } }) => scope === 'workload-specific',
  );
  return [
    ...workloads(context).map(({ ref, value }) => ({ ref, value: { workload: value } })),
    ...specific.map(({ ref, value }) => ({ ref, value: { alone: value } })),
  ];
}

function judgeWorkload(workload: Workload, context: CheckContext) {
  const { mesh, policies } = context;
  return whetherEnrolledOrNot(workload, context, () =>
    whenKnown(policies.peerMtls(workload, '*'), ({ value: mode, decidedBy }) => {
      if (decidedBy === 'default') return notApplicable('no workload-specific PeerAuthentication decides');
      const { resource } = decidedBy;
      if (resource.kind !== 'PeerAuthentication') return notApplicable('traffic does not pass the proxy');
      return whenKnown(policies.selection(resource), ({ value: { scope } }) => {
        if (scope !== 'workload-specific')
          return notApplicable('no workload-specific PeerAuthentication decides');
        if (mode === 'STRICT') return pass;
        const data = { policy: describe(mesh, resource), mode };
        return fail({ message: 'exception', at: decidedBy, data });
      });
    }),
  );
}

function judgeAlone({ policy }: PolicyAlone, { mesh, policies }: CheckContext) {
  return whenKnown(policies.peerModeAlone(policy, '*'), ({ value: mode, decidedBy }) => {
    if (mode === undefined || decidedBy === 'default') return notApplicable('policy sets no mode');
    if (mode === 'STRICT') return pass;
    return fail({ message: 'alone', at: decidedBy, data: { policy: describe(mesh, policy), mode } });
  });
}

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
      alone:
        '{policy} sets {mode}: the workloads that it selects can be called in plaintext, on every port without a mode of its own.',
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
  subjects,
  judge: (subject, context) =>
    'workload' in subject ? judgeWorkload(subject.workload, context) : judgeAlone(subject.alone, context),
});
