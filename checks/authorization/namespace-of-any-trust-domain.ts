import {
  actionOf,
  defineCheck,
  describe,
  fail,
  foreignTrustDomains,
  isDryRun,
  namesNoTrustDomain,
  notApplicable,
  pass,
  resources,
  rulesOf,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-031',
    title: 'Namespace of another trust domain is let in',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced ALLOW policies with rules, in meshes that trust other domains',
    messages: {
      any: '{policy} allows by {field}, which looks at no trust domain: {domains} may have a namespace of that name too, and this mesh trusts its certificates.',
    },
    remediation:
      'Name principals with the trust domain in {policy} in place of {field}, or from Istio 1.31 on add trustDomains beside it.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/IA-9',
      'nist-800-53-r5/CA-9',
      'nist-800-207a/ID-SEG-REC-2',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const domains = foreignTrustDomains(mesh);
    if (domains.length === 0) return notApplicable('mesh trusts no other trust domain');
    if (actionOf(policy) !== 'ALLOW') return notApplicable('action is not ALLOW');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    const rules = rulesOf(policy);
    if (rules.length === 0) return notApplicable('policy allows nothing');
    const fields = rules.flatMap(({ sources, conditions }) =>
      [...sources, ...conditions].flatMap(namesNoTrustDomain),
    );
    if (fields.length === 0) return pass;
    return fail(
      ...fields.map(({ at, name }) => ({
        message: 'any' as const,
        at,
        data: { policy: describe(mesh, policy), field: name, domains: domains.join(', ') },
      })),
    );
  },
});
