import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  pass,
  resources,
  rulesOf,
  unreadKeys,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-008',
    title: 'Rule has a condition that Istio does not know',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with rules',
    messages: {
      skipped:
        'Istio does not know the condition key {key} of {policy}: it skips the whole {action} rule, which therefore keeps nobody out.',
      dropped:
        'Istio does not know the condition key {key} of {policy}: it skips the whole rule, which allows nothing.',
    },
    remediation:
      'Replace {key} in {policy}: known keys are source.*, request.headers[…], request.auth.*, remote.ip, destination.ip, destination.port, connection.sni.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const action = actionOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    const rules = rulesOf(policy);
    if (rules.length === 0) return notApplicable('policy has no rules');
    const keys = rules.flatMap((rule) => unreadKeys(mesh, rule));
    if (keys.length === 0) return pass;
    return fail(
      ...keys.map(({ key, at, isNewer }) => ({
        message: action === 'ALLOW' ? ('dropped' as const) : ('skipped' as const),
        at,
        data: { policy: describe(mesh, policy), action, key },
        ...(action === 'ALLOW' ? { severity: 'low' as const } : {}),
        ...(isNewer
          ? {
              remediation:
                'Upgrade Istio to a release that knows {key}, or write it in another way in {policy}.',
            }
          : {}),
      })),
    );
  },
});
