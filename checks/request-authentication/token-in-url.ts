import { defineCheck, describe, fail, listAt, notApplicable, pass, resources, stringsAt } from '#check';

export default defineCheck({
  meta: {
    id: 'JWT-006',
    title: 'Token is taken from the URL',
    severity: 'medium',
    confidence: 'high',
    examines: 'RequestAuthentications with jwtRules',
    messages: {
      parameter:
        '{policy} takes tokens from query parameter {parameter}: they end up in access logs, histories and Referer headers.',
    },
    remediation:
      'Remove fromParams from {policy} and let clients send the token in the Authorization header.',
    controls: ['nist-800-204/MS-SS-1', 'nist-800-53-r5/SC-23', 'pci-dss-4.0.1/8.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, { mesh }) => {
    const rules = listAt(policy.object, 'spec', 'jwtRules');
    if (rules.length === 0) return notApplicable('policy has no jwtRules');
    const found = rules.flatMap((rule, index) => {
      const [parameter] = stringsAt(rule, 'fromParams');
      return parameter === undefined ? [] : [{ index, parameter }];
    });
    if (found.length === 0) return pass;
    return fail(
      ...found.map(({ index, parameter }) => ({
        message: 'parameter' as const,
        at: { resource: policy, path: ['spec', 'jwtRules', index, 'fromParams'] },
        data: { policy: describe(mesh, policy), parameter },
      })),
    );
  },
});
