import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  objectAt,
  pass,
  resources,
  stringAt,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'MTLS-007',
    title: 'PeerAuthentication sets no mode',
    severity: 'low',
    confidence: 'high',
    examines: 'PeerAuthentications',
    messages: {
      wide: '{policy} sets no mode: PERMISSIVE holds for the mesh, as without the policy.',
      inherits:
        '{policy} sets no mode: what it selects has the mode of the next wider policy, as without this one.',
    },
    remediation: 'Set spec.mtls.mode of {policy} to STRICT, or delete the policy.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6', 'istio-best-practices/strict-mtls'],
    aliases: ['kyverno/enforce-strict-mtls'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'PeerAuthentication'),
  judge: (policy, { mesh, policies }) => {
    if ((stringAt(policy.object, 'spec', 'mtls', 'mode') ?? 'UNSET') !== 'UNSET') return pass;
    if (Object.keys(objectAt(policy.object, 'spec', 'portLevelMtls') ?? {}).length > 0) return pass;
    return whenKnown(policies.selection(policy), ({ value: { scope, inert } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      const hasMode = objectAt(policy.object, 'spec', 'mtls') !== undefined;
      return fail({
        message: scope === 'mesh-wide' ? ('wide' as const) : ('inherits' as const),
        at: { resource: policy, path: hasMode ? ['spec', 'mtls'] : ['spec'] },
        data: { policy: describe(mesh, policy) },
      });
    });
  },
});
