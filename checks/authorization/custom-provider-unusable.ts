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
    id: 'AUTHZ-016',
    title: 'External authorizer can not be asked',
    severity: 'medium',
    confidence: 'high',
    examines: 'CUSTOM policies',
    messages: {
      broken:
        '{policy} names provider {provider}, which can not be used ({reason}): what the rules match is refused, nothing is ever checked.',
    },
    remediation:
      'Define {provider} under extensionProviders of the mesh configuration with a service that exists, or name another provider in {policy}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (actionOf(policy) !== 'CUSTOM') return notApplicable('action is not CUSTOM');
    const provider = stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
    const resolved = externalAuthorizer(mesh, provider);
    if (resolved.state === 'usable') return pass;
    if (resolved.state === 'unknown') return unknown([resolved.missing]);
    if (resolved.at === undefined && mesh.scope === 'partial')
      return unknown([{ key: 'mesh-config', text: `definition of extension provider ${provider}` }]);
    return fail({
      message: 'broken',
      at: { resource: policy, path: ['spec', 'provider', 'name'] },
      data: { policy: describe(mesh, policy), provider, reason: resolved.reason },
      ...(resolved.at === undefined
        ? {}
        : { related: [{ at: resolved.at, note: 'definition of the provider' }] }),
    });
  },
});
