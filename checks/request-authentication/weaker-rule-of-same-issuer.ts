import {
  allOf,
  defineCheck,
  describe,
  fail,
  judgeReached,
  jwtRulesAt,
  listAt,
  notApplicable,
  pass,
  resources,
  stringsAt,
  whenKnown,
} from '#check';

const withoutAudiences = notApplicable('policy names no audiences');

export default defineCheck({
  meta: {
    id: 'JWT-008',
    title: 'Audiences are void beside a weaker rule of the same issuer',
    severity: 'medium',
    confidence: 'high',
    examines: 'RequestAuthentications with audiences',
    messages: {
      weaker:
        '{policy} names audiences for issuer {issuer}, but {other} takes any token of that issuer at {workload}: one rule that takes a token is enough.',
    },
    remediation: 'Name the same audiences in {other}, or leave the issuer {issuer} to {policy} alone.',
    controls: ['nist-800-204/MS-SS-1', 'nist-800-53-r5/IA-8', 'nist-800-207a/ID-SEG-REC-4'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, context) => {
    const { mesh, policies } = context;
    return whenKnown(policies.selection(policy), ({ value: selection }) => {
      if (selection.scope === 'target-refs') return notApplicable('policy is for a Gateway or a waypoint');
      const isStrict = listAt(policy.object, 'spec', 'jwtRules').some(
        (rule) => stringsAt(rule, 'audiences').length > 0,
      );
      return judgeReached(selection, context, (workload) => {
        if (!isStrict) return withoutAudiences;
        const { rules } = jwtRulesAt(mesh, workload, policies.enrolment(workload));
        const strict = rules.filter((rule) => rule.policy === policy && rule.audiences.length > 0);
        if (strict.length === 0) return withoutAudiences;
        return allOf(
          strict.map(({ issuer, at }) => {
            const weaker = rules.find((rule) => rule.issuer === issuer && rule.audiences.length === 0);
            if (weaker === undefined) return pass;
            return fail({
              message: 'weaker',
              at: { ...at, path: [...at.path, 'audiences'] },
              data: {
                policy: describe(mesh, policy),
                issuer,
                other: describe(mesh, weaker.policy),
                workload: describe(mesh, workload.resource),
              },
              related: [{ at: weaker.at, note: 'takes tokens for anybody' }],
            });
          }),
        );
      });
    });
  },
});
