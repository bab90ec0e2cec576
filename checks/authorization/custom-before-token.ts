import {
  actionOf,
  defineCheck,
  describe,
  fail,
  judgeReached,
  jwtRulesAt,
  notApplicable,
  pass,
  resources,
  rulesOf,
  whenKnown,
} from '#check';
import type { Resource } from '#check';

/** True where the authorizer is asked about requests without the headers that carry tokens, and about no others. */
function leavesOut(policy: Resource, headers: readonly { readonly name: string }[]): boolean {
  const rules = rulesOf(policy);
  const isAbsent = (name: string) => (rule: (typeof rules)[number]) =>
    rule.conditions.some(({ fields }) =>
      fields.some(
        (field) =>
          field.negative &&
          field.values.includes('*') &&
          field.name.toLowerCase() === `request.headers[${name.toLowerCase()}]`,
      ),
    );
  return rules.length > 0 && headers.length > 0 && headers.every(({ name }) => rules.every(isAbsent(name)));
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-029',
    title: 'External authorizer sees tokens that nobody has checked',
    severity: 'info',
    confidence: 'high',
    profile: 'strict',
    examines: 'CUSTOM policies',
    messages: {
      before:
        'At {workload} the authorizer of {policy} is asked before {authentication} checks the token: what it reads of a token may be forged.',
    },
    remediation:
      'Let the authorizer of {policy} verify signature, issuer and audience itself, and do not let it trust what {authentication} would check.',
    controls: ['nist-800-204/MS-SS-1', 'nist-800-53-r5/IA-8', 'nist-800-204b/EAUN-SR-1'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const { mesh, policies } = context;
    if (actionOf(policy) !== 'CUSTOM') return notApplicable('action is not CUSTOM');
    return whenKnown(policies.selection(policy), ({ value: selection }) =>
      judgeReached(selection, context, (workload) => {
        const { rules } = jwtRulesAt(mesh, workload, policies.enrolment(workload));
        const rule = rules.find(({ locations: { headers } }) => !leavesOut(policy, headers));
        if (rule === undefined) return pass;
        return fail({
          message: 'before',
          at: { resource: policy, path: ['spec', 'action'] },
          data: {
            policy: describe(mesh, policy),
            workload: describe(mesh, workload.resource),
            authentication: describe(mesh, rule.policy),
          },
          related: [{ at: rule.at, note: 'checked after the authorizer was asked' }],
        });
      }),
    );
  },
});
