import { actionOf, defineCheck, describe, fail, isDryRun, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-006',
    title: 'Policy in dry run enforces nothing',
    severity: 'medium',
    confidence: 'high',
    examines: 'AuthorizationPolicies',
    messages: {
      logged: '{policy} is in dry run: its {action} rules are logged, not enforced.',
      custom:
        '{policy} is in dry run, which CUSTOM does not know: requests that match are refused and the authorizer is not asked.',
    },
    remediation: 'Remove the annotation istio.io/dry-run from {policy} when the log shows what was expected.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6', 'pci-dss-4.0.1/7.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (!isDryRun(policy)) return pass;
    const action = actionOf(policy);
    return fail({
      message: action === 'CUSTOM' ? 'custom' : 'logged',
      at: { resource: policy, path: ['metadata', 'annotations', 'istio.io/dry-run'] },
      data: { policy: describe(mesh, policy), action: action ?? 'unknown' },
    });
  },
});
