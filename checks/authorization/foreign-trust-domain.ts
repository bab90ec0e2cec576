import {
  actionOf,
  allOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  opensWhenDead,
  pass,
  principalDomain,
  resources,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, RuleField } from '#check';

const isPrincipal = ({ name }: RuleField): boolean => name === 'principals' || name === 'source.principal';

/** A known trust domain stands for all of them, in the negative form too (pilot/pkg/security/trustdomain). */
function judgeExclusion(policy: Resource, { values, at }: RuleField, { mesh }: CheckContext) {
  const { trustDomain, trustDomainAliases } = mesh.settings;
  const known = [...new Set([trustDomain, ...trustDomainAliases])];
  const index = values.findIndex((value) => known.includes(value));
  const value = values[index];
  if (value === undefined || known.length < 2 || known.every((domain) => values.includes(domain)))
    return pass;
  const action = actionOf(policy) ?? 'unknown';
  return fail({
    message: 'all-known',
    at: { ...at, path: [...at.path, index] },
    data: { policy: describe(mesh, policy), action, value, domains: known.join(', ') },
    remediation: 'Name in {policy} the principals or namespaces that are meant, in place of notTrustDomains.',
  });
}

const isExclusion = ({ name, negative }: RuleField): boolean => name === 'trustDomains' && negative;

function judgeField(policy: Resource, field: RuleField, context: CheckContext, reader: 'envoy' | 'ztunnel') {
  const { mesh } = context;
  const { at } = field;
  return allOf(
    field.values.map((value, index) => {
      const domain = principalDomain(mesh, value, reader);
      if (domain.state === 'own') return pass;
      if (domain.state === 'unknown') return unknown([domain.missing]);
      const action = actionOf(policy) ?? 'unknown';
      const opens = opensWhenDead(actionOf(policy), field);
      return fail({
        message: opens ? ('open' as const) : ('closed' as const),
        at: { ...at, path: [...at.path, index] },
        like: JSON.stringify([at.resource.origin.file, action, domain.domain, opens]),
        data: {
          policy: describe(mesh, policy),
          action,
          value,
          domain: domain.domain,
          note: domain.note,
          own: mesh.settings.trustDomain,
        },
        ...(opens ? {} : { severity: 'low' as const }),
      });
    }),
  );
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-009',
    title: 'Principal of a trust domain that no peer has',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with principals',
    messages: {
      open: 'No peer has trust domain {domain} ({note}), so that {value} in {policy} never matches: what the {action} rule is to keep out is not kept out.',
      closed:
        'No peer has trust domain {domain} ({note}), so that {value} in {policy} never matches: the {action} rule refuses what it is to let through.',
      'all-known':
        '{value} under notTrustDomains in {policy} stands for every trust domain that the mesh knows ({domains}): the {action} rule matches no peer of any of them.',
    },
    remediation:
      'Begin the principals of {policy} with {own}, or add {domain} to trustDomainAliases of the mesh configuration if its workloads are to be trusted.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/IA-9',
      'nist-800-207a/ID-SEG-REC-2',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['KIA0108'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    const fields = constraintsOf(policy).filter((field) => isPrincipal(field) || isExclusion(field));
    if (fields.length === 0) return notApplicable('policy names no principals');
    return whenKnown(context.policies.selection(policy), ({ value: { workloads, inert } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      const planes = workloads.flatMap((workload) => {
        const enrolment = context.policies.enrolment(workload);
        return enrolment.known ? [enrolment.value.dataPlane] : [];
      });
      if (planes.length > 0 && planes.every((plane) => plane === 'gateway'))
        return notApplicable('gateways take certificates of other trust domains');
      const reader = planes.includes('ambient') ? 'ztunnel' : 'envoy';
      return allOf(
        fields.map((field) =>
          isExclusion(field)
            ? judgeExclusion(policy, field, context)
            : judgeField(policy, field, context, reader),
        ),
      );
    });
  },
});
