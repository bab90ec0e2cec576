import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  objectAt,
  pass,
  resources,
  selectsAll,
  stringAt,
} from '#check';

export default defineCheck({
  meta: {
    id: 'MTLS-008',
    title: 'Port-level mTLS of a policy without selector is ignored',
    severity: 'medium',
    confidence: 'high',
    examines: 'PeerAuthentications with portLevelMtls',
    messages: {
      ignored:
        '{policy} has no labels in its selector: spec.portLevelMtls ({ports}) is ignored, all ports have the mode of the policy.',
    },
    remediation:
      'Give {policy} a selector with labels, in the namespace of the workloads, for the ports {ports}; leave the mode of all other ports to a policy without selector.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6', 'istio-best-practices/strict-mtls'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'PeerAuthentication'),
  judge: (policy, { mesh }) => {
    const ports = Object.keys(objectAt(policy.object, 'spec', 'portLevelMtls') ?? {});
    if (ports.length === 0) return notApplicable('policy has no portLevelMtls');
    if (!selectsAll(policy)) return pass;
    const isStrict = ports.some(
      (port) => stringAt(policy.object, 'spec', 'portLevelMtls', port, 'mode') === 'STRICT',
    );
    return fail({
      message: 'ignored',
      at: { resource: policy, path: ['spec', 'portLevelMtls'] },
      data: { policy: describe(mesh, policy), ports: ports.join(', ') },
      ...(isStrict ? { severity: 'high' as const } : {}),
    });
  },
});
