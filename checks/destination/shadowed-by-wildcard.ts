import { defineCheck, describe, fail, notApplicable, pass, resources, shadowedRules } from '#check';

export default defineCheck({
  meta: {
    id: 'DR-008',
    title: 'Wildcard DestinationRule hides one that originates TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'DestinationRules for ranges of hosts',
    messages: {
      shadowed:
        '{rule} is for {host} and is found first by clients of its namespace {namespace}: they never see {other}, and do not originate the TLS that it sets for {name}.',
    },
    remediation:
      'Add to namespace {namespace} a DestinationRule for {name} with the TLS settings of {other}, or narrow the host of {rule}.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204/MS-SS-4',
      'nist-800-53-r5/CM-6',
      'istio-best-practices/tls-origination',
    ],
    aliases: ['KIA0204'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host } = policies.destination(rule);
    if (!host.startsWith('*')) return notApplicable('rule is for one host');
    const shadowed = shadowedRules(mesh, rule);
    if (shadowed.length === 0) return pass;
    return fail(
      ...shadowed.map((other) => ({
        message: 'shadowed' as const,
        at: { resource: rule, path: ['spec', 'host'] },
        data: {
          rule: describe(mesh, rule),
          host,
          namespace: mesh.namespaceOf(rule),
          other: describe(mesh, other),
          name: policies.destination(other).host,
        },
        related: [{ at: { resource: other, path: ['spec'] }, note: 'originates TLS' }],
      })),
    );
  },
});
