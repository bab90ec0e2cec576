import {
  actionOf,
  defineCheck,
  describe,
  fail,
  fieldsOf,
  isDryRun,
  judgeReached,
  notApplicable,
  resources,
  rulesOf,
  pass,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-015',
    title: 'Rule on a host at a sidecar',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with rules',
    messages: {
      chosen:
        '{action} rule of {policy} compares {field} at {workload}: a sidecar takes any Host header, so each client chooses whether it matches.',
    },
    remediation:
      'In {policy}, compare what a client can not choose (principals, namespaces, ports) or the path; keep {field} for policies of gateways.',
    controls: ['nist-800-53-r5/AC-3', 'istio-best-practices/host-matching'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const action = actionOf(policy);
    const rules = rulesOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    if (rules.length === 0) return notApplicable('policy has no rules');
    const hosts = rules
      .flatMap(fieldsOf)
      .filter(({ name, values }) => name === 'hosts' && values.some((value) => value !== '*'));
    if (hosts.length === 0) return pass;
    return whenKnown(context.policies.selection(policy), ({ value }) =>
      judgeReached(value, context, (workload, dataPlane) => {
        if (dataPlane !== 'sidecar') return notApplicable('policy reaches no sidecar');
        return fail(
          ...hosts.map(({ at }) => ({
            message: 'chosen' as const,
            at,
            data: {
              policy: describe(context.mesh, policy),
              action,
              field: String(at.path.at(-1)),
              workload: describe(context.mesh, workload.resource),
            },
          })),
        );
      }),
    );
  },
});
