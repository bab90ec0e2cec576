import { defineCheck, describe, fail, listAt, notApplicable, pass, resources, stringAt } from '#check';

export default defineCheck({
  meta: {
    id: 'JWT-007',
    title: 'Issuer of tokens is not checked',
    severity: 'medium',
    confidence: 'high',
    examines: 'RequestAuthentications with jwtRules',
    messages: {
      any: 'A rule of {policy} names no issuer: whatever name a token gives to its issuer is taken, if one of the keys signed it.',
    },
    remediation: 'Add to the rule of {policy} the issuer as it stands in claim iss of the tokens.',
    controls: [
      'nist-800-204/MS-SS-1',
      'nist-800-53-r5/IA-8',
      'nist-800-207a/ID-SEG-REC-4',
      'pci-dss-4.0.1/8.3.1',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, { mesh }) => {
    const rules = listAt(policy.object, 'spec', 'jwtRules');
    if (rules.length === 0) return notApplicable('policy has no jwtRules');
    const open = rules.flatMap((rule, index) => ((stringAt(rule, 'issuer') ?? '') === '' ? [index] : []));
    if (open.length === 0) return pass;
    return fail(
      ...open.map((index) => ({
        message: 'any' as const,
        at: { resource: policy, path: ['spec', 'jwtRules', index] },
        data: { policy: describe(mesh, policy) },
      })),
    );
  },
});
