import {
  defineCheck,
  describe,
  fail,
  hasCustomPolicies,
  istiodFlag,
  notApplicable,
  pass,
  stringAt,
  whenKnown,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-018',
    title: 'Two external authorizers on one workload',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with CUSTOM policies',
    messages: {
      conflict:
        'CUSTOM policies of {subjects} name several providers ({providers}): all that any of them matches is refused, and no provider is asked.',
    },
    remediation:
      'Name one provider in all CUSTOM policies that reach {subjects}; from Istio 1.30 on istiod takes several with PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS=true.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: workloads,
  unless: ({ mesh }) => (hasCustomPolicies(mesh) ? undefined : 'no CUSTOM policy applies'),
  judge: (workload, { mesh, policies }) => {
    return whenKnown(policies.authorization(workload), ({ value: { custom } }) => {
      if (custom.length === 0) return notApplicable('no CUSTOM policy applies');
      const names = custom.map(({ resource }) => stringAt(resource.object, 'spec', 'provider', 'name') ?? '');
      const providers = [...new Set(names)].sort();
      const [first] = custom;
      const second = custom[names.findIndex((name) => name !== names[0])];
      if (first === undefined || second === undefined) return pass;
      if (istiodFlag(mesh, 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS', false)) return pass;
      return fail({
        message: 'conflict',
        at: { resource: second.resource, path: ['spec', 'provider', 'name'] },
        data: { providers: providers.join(', ') },
        related: [
          {
            at: { resource: first.resource, path: ['spec', 'provider', 'name'] },
            note: `${describe(mesh, first.resource)} names another provider`,
          },
        ],
      });
    });
  },
});
