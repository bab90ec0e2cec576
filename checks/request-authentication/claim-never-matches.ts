import {
  actionOf,
  deadClaim,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  rulesOf,
} from '#check';

export default defineCheck({
  meta: {
    id: 'JWT-010',
    title: 'Condition on a claim never matches',
    severity: 'high',
    confidence: 'medium',
    examines: 'enforced AuthorizationPolicies with conditions on claims',
    messages: {
      open: '{key} with {value} in {policy} never matches ({reason}): what the {action} rule is to keep out is not kept out.',
      closed:
        '{key} with {value} in {policy} never matches ({reason}): the {action} rule refuses what it is to let through.',
    },
    remediation:
      'Compare in {policy} a text, or a list of texts, that the token holds under that name: {reason}.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-204b/EAUZ-SR-3', 'nist-800-207a/ID-SEG-REC-5'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    const action = actionOf(policy);
    if (action === 'AUDIT') return notApplicable('policy only logs');
    const conditions = rulesOf(policy)
      .flatMap((rule) => rule.conditions)
      .flatMap(({ fields }) => fields)
      .filter(({ name }) => name.startsWith('request.auth.claims'));
    if (conditions.length === 0) return notApplicable('policy compares no claims');
    const dead = conditions.flatMap((field) =>
      field.values.flatMap((value, index) => {
        const reason = deadClaim(field.name, value);
        return reason === undefined ? [] : [{ field, value, index, reason }];
      }),
    );
    if (dead.length === 0) return pass;
    return fail(
      ...dead.map(({ field, value, index, reason }) => {
        const opens = opensWhenDead(action, field);
        return {
          message: opens ? ('open' as const) : ('closed' as const),
          at: { ...field.at, path: [...field.at.path, index] },
          data: {
            policy: describe(mesh, policy),
            action: action ?? 'unknown',
            key: field.name,
            value: JSON.stringify(value),
            reason,
          },
          ...(opens ? {} : { severity: 'low' as const }),
        };
      }),
    );
  },
});
