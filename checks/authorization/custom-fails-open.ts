import {
  actionOf,
  defineCheck,
  describe,
  externalAuthorizer,
  fail,
  notApplicable,
  pass,
  resources,
  stringAt,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-017',
    title: 'External authorization fails open',
    severity: 'high',
    confidence: 'high',
    examines: 'CUSTOM policies',
    messages: {
      open: 'Provider {provider} has failOpen: when the authorizer does not answer, what {policy} hands to it is let in unchecked.',
    },
    remediation:
      'Remove failOpen from extension provider {provider} of the mesh configuration, and run the authorizer with enough replicas.',
    controls: [
      'nist-800-53-r5/SC-7(18)',
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/AC-25',
      'pci-dss-4.0.1/7.3.2',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (actionOf(policy) !== 'CUSTOM') return notApplicable('action is not CUSTOM');
    const provider = stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
    const resolved = externalAuthorizer(mesh, provider);
    if (resolved.state === 'unknown') return unknown([resolved.missing]);
    if (resolved.state === 'broken') return notApplicable('provider can not be used');
    if (!resolved.authorizer.failOpen) return pass;
    return fail({
      message: 'open',
      at: resolved.authorizer.at ?? { resource: policy, path: ['spec', 'provider', 'name'] },
      data: { policy: describe(mesh, policy), provider },
      related: [{ at: { resource: policy, path: ['spec', 'provider'] }, note: 'names the provider' }],
    });
  },
});
