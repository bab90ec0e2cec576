import {
  conflictingRules,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'DR-007',
    title: 'Two DestinationRules of one host say different things of TLS',
    severity: 'medium',
    confidence: 'medium',
    examines: 'DestinationRules without workloadSelector',
    messages: {
      conflict:
        '{rule} are all for {host} and set TLS differently: which of them counts depends on their age and on exportTo.',
    },
    remediation: 'Put what {rule} say of {host} into one DestinationRule.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/CM-6',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['KIA0201'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, selectsWorkloads } = policies.destination(rule);
    if (selectsWorkloads) return notApplicable('rule is for selected workloads');
    const others = conflictingRules(mesh, rule);
    if (others.length === 0) return pass;
    if ([rule, ...others].some((one) => mesh.isContested(one)))
      return unknown([{ key: 'contested', text: `which DestinationRule of ${host} is applied` }]);
    return fail({
      message: 'conflict',
      at: { resource: rule, path: ['spec', 'host'] },
      cause: `${mesh.namespaceOf(rule)}/${host}`,
      data: { rule: describe(mesh, rule), host },
      related: others.map((one) => ({
        at: { resource: one, path: ['spec', 'host'] },
        note: 'is for the same host',
      })),
    });
  },
});
