import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  judgeReached,
  notApplicable,
  objectAt,
  pass,
  resources,
  selectsAll,
  whenKnown,
} from '#check';
import type { Resource } from '#check';

/** `selector: {}`: to ztunnel a policy for workloads that none of them names. */
const hasEmptySelector = (policy: Resource): boolean =>
  objectAt(policy.object, 'spec', 'selector') !== undefined && selectsAll(policy);

export default defineCheck({
  meta: {
    id: 'AUTHZ-010',
    title: 'Policy is not enforced in ambient mode',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies without targetRefs',
    messages: {
      custom:
        '{policy} has action CUSTOM and no targetRefs: ztunnel asks no external authorizer, so {workload} is reached unchecked.',
      emptySelector:
        '{policy} has an empty selector, which ztunnel reads as "no workload": the {action} policy is not enforced at {workload}.',
    },
    remediation:
      'Remove spec.selector from {policy} so that it is for the whole namespace; bind a CUSTOM policy to a waypoint with targetRefs.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SC-7(18)',
      'nist-800-204b/SAUZ-SR-1',
      'pci-dss-4.0.1/7.3.2',
    ],
    aliases: ['KIA0110', 'KIA1317'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const action = actionOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    const isEmpty = hasEmptySelector(policy);
    return whenKnown(context.policies.selection(policy), ({ value }) => {
      if (value.scope === 'target-refs') return notApplicable('policy has targetRefs');
      if (action !== 'CUSTOM' && !isEmpty) return pass;
      return judgeReached(value, context, (workload, dataPlane) => {
        if (dataPlane !== 'ambient') return pass;
        const field = action === 'CUSTOM' ? 'action' : 'selector';
        return fail({
          message: action === 'CUSTOM' ? ('custom' as const) : ('emptySelector' as const),
          at: { resource: policy, path: ['spec', field] },
          data: {
            policy: describe(context.mesh, policy),
            action,
            workload: describe(context.mesh, workload.resource),
          },
        });
      });
    });
  },
});
