import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  oncePerDecision,
  pass,
  whenKnown,
  workloads,
} from '#check';
import type { RequestAuthentication } from '#check';

const judgeTokens = oncePerDecision<RequestAuthentication, 'optional'>(
  ({ value: { token, issuers } }, { mesh }) => {
    if (token === 'absent') return notApplicable('no jwtRules apply');
    if (token !== 'optional') return pass;
    const first = new Map(issuers.toReversed().map(({ policy, rule }) => [policy.resource, rule]));
    return fail(
      ...Array.from(first, ([resource, at]) => ({
        message: 'optional' as const,
        at,
        data: { policy: describe(mesh, resource) },
      })),
    );
  },
);

export default defineCheck({
  meta: {
    id: 'JWT-001',
    title: 'Token checked but not required',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with a RequestAuthentication',
    messages: {
      optional:
        '{policy} checks tokens at {subjects}, but nothing requires one: a request without token is let in.',
    },
    remediation:
      'Add an AuthorizationPolicy that reaches the same workloads as {policy}, with action DENY and from.source.notRequestPrincipals ["*"], or name requestPrincipals in every ALLOW rule.',
    controls: [
      'nist-800-53-r5/IA-8',
      'nist-800-204b/EAUN-SR-1',
      'nist-800-207a/ID-SEG-REC-4',
      'pci-dss-4.0.1/8.3.1',
      'istio-best-practices/mandatory-token',
    ],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whenKnown(context.policies.requestAuthentication(workload), (tokens) => judgeTokens(tokens, context)),
});
