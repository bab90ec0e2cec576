import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  judgeReached,
  notApplicable,
  pass,
  resources,
  rulesOf,
  whenKnown,
} from '#check';
import type { RuleField, WrittenRule } from '#check';

/** Positive constraints on what a request brings itself, with nothing negative beside them. */
function positive({ sources, operations }: WrittenRule): readonly RuleField[] {
  const fields = [...sources, ...operations].flatMap((clause) => clause.fields);
  return fields.some(({ negative }) => negative) ? [] : fields.slice(0, 1);
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-026',
    title: 'DENY rule lists what is bad, and all else is let in',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'enforced DENY policies with rules',
    messages: {
      list: 'DENY rule of {policy} lists what is bad ({field}), and no ALLOW policy says what is good at {workload}: what the list forgets is let in.',
    },
    remediation:
      'Add an ALLOW policy for {workload} that names what may be done, or turn the rule of {policy} round with the negative field of {field}.',
    controls: ['nist-800-53-r5/SC-7(5)', 'istio-best-practices/safe-patterns'],
    aliases: ['snowcat/safe-deny', 'AsmAuthzPolicySafePattern'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const { mesh, policies } = context;
    if (actionOf(policy) !== 'DENY') return notApplicable('action is not DENY');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    const rules = rulesOf(policy);
    if (rules.length === 0) return notApplicable('policy has no rules');
    const fields = rules.flatMap(positive);
    if (fields.length === 0) return pass;
    return whenKnown(policies.selection(policy), ({ value: selection }) =>
      judgeReached(selection, context, (workload) =>
        whenKnown(policies.authorization(workload), ({ value: { defaultAction, allowsEverything } }) =>
          defaultAction === 'deny' && allowsEverything === undefined
            ? pass
            : fail(
                ...fields.map(({ at, name }) => ({
                  message: 'list' as const,
                  at,
                  data: {
                    policy: describe(mesh, policy),
                    field: name,
                    workload: describe(mesh, workload.resource),
                  },
                })),
              ),
        ),
      ),
    );
  },
});
