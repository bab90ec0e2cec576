import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  isIdentity,
  notApplicable,
  pass,
  resources,
  rulesOf,
} from '#check';
import type { Clause, RuleField, WrittenRule } from '#check';

const takesAny = (field: RuleField): boolean =>
  !field.negative && isIdentity(field) && field.values.includes('*');

/** The source by which a rule takes every workload of the mesh, for everything. */
function opening({ sources, operations, conditions }: WrittenRule): Clause | undefined {
  const limitsOperations = operations.length > 0 && operations.every(({ fields }) => fields.length > 0);
  const limitsOtherwise = conditions.some(({ fields }) => fields.some((field) => !takesAny(field)));
  if (limitsOperations || limitsOtherwise) return undefined;
  return [...sources, ...conditions].find(({ fields }) => fields.length > 0 && fields.every(takesAny));
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-022',
    title: 'ALLOW rule takes every workload of the mesh',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced ALLOW policies with rules',
    messages: {
      anybody:
        'A rule of {policy} asks for an identity and takes any ({field} "*"): whatever runs in the mesh may call all that the policy covers.',
    },
    remediation:
      'Name in {policy} the accounts that may call, in place of "*"; or limit the rule to some paths, methods or ports.',
    controls: [
      'nist-800-53-r5/AC-6',
      'nist-800-204b/SAUZ-SR-1',
      'nist-800-207a/ID-SEG-REC-3',
      'pci-dss-4.0.1/7.2.2',
    ],
    aliases: ['SourceNotAllAuthz', 'AsmAuthzPolicyEnforceSourcePrincipals'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const rules = rulesOf(policy);
    if (actionOf(policy) !== 'ALLOW') return notApplicable('action is not ALLOW');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (rules.length === 0) return notApplicable('policy allows nothing');
    const fields = rules.flatMap((rule) => opening(rule)?.fields.slice(0, 1) ?? []);
    if (fields.length === 0) return pass;
    return fail(
      ...fields.map(({ at, name }) => ({
        message: 'anybody' as const,
        at,
        data: { policy: describe(mesh, policy), field: name },
      })),
    );
  },
});
