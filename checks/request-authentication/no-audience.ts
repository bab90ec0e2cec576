import {
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isObject,
  listAt,
  notApplicable,
  pass,
  resources,
} from '#check';
import type { CheckContext, Resource } from '#check';

const asksForAudience = (policy: Resource): boolean =>
  constraintsOf(policy).some(
    ({ name }) => name === 'request.auth.audiences' || name === 'request.auth.claims[aud]',
  );

/** True when an AuthorizationPolicy beside the policy, or one of the root namespace, compares audiences. */
function audienceIsCompared(policy: Resource, { mesh }: CheckContext): boolean {
  const namespaces = new Set([mesh.namespaceOf(policy), mesh.settings.rootNamespace]);
  return [...namespaces].some((namespace) =>
    mesh.inNamespace('security.istio.io', 'AuthorizationPolicy', namespace).some(asksForAudience),
  );
}

export default defineCheck({
  meta: {
    id: 'JWT-003',
    title: 'Tokens for other services are accepted',
    severity: 'low',
    confidence: 'medium',
    examines: 'RequestAuthentications with jwtRules',
    messages: {
      any: 'A rule of {policy} names no audiences: every token of issuer {issuer} is taken, also one that was given out for another service.',
    },
    remediation: 'Add to the rule of {policy} for {issuer} the audiences that this service is known by.',
    controls: [
      'nist-800-204/MS-SS-1',
      'nist-800-53-r5/IA-8',
      'nist-800-207a/ID-SEG-REC-4',
      'pci-dss-4.0.1/8.3.1',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, context) => {
    const rules = listAt(policy.object, 'spec', 'jwtRules');
    if (rules.length === 0) return notApplicable('policy has no jwtRules');
    const open = rules.flatMap((rule, index) =>
      isObject(rule) && listAt(rule, 'audiences').length === 0 ? [{ rule, index }] : [],
    );
    if (open.length === 0 || audienceIsCompared(policy, context)) return pass;
    return fail(
      ...open.map(({ rule, index }) => ({
        message: 'any' as const,
        at: { resource: policy, path: ['spec', 'jwtRules', index] },
        data: {
          policy: describe(context.mesh, policy),
          issuer: typeof rule['issuer'] === 'string' ? rule['issuer'] : 'any name',
        },
      })),
    );
  },
});
