import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  objectAt,
  pass,
  resources,
  rulesOf,
  stringAt,
} from '#check';
import type { CheckContext, Clause, Resource, WrittenRule } from '#check';

const matchesAll = (alternatives: readonly Clause[]): boolean =>
  alternatives.length === 0 || alternatives.some(({ fields }) => fields.length === 0);

/** The empty object through which a rule matches everything, or the rule itself when it is empty. */
function opening({ at, sources, operations, conditions }: WrittenRule): Clause['at'] | undefined {
  if (!matchesAll(sources) || !matchesAll(operations)) return undefined;
  if (conditions.some(({ fields }) => fields.length > 0)) return undefined;
  return [...sources, ...operations].find(({ fields }) => fields.length === 0)?.at ?? at;
}

const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/** True for a selector that only pods of gateways have the labels of, by the names that Istio's charts give them. */
function selectsGateways({ object }: Resource): boolean {
  const labels = objectAt(object, 'spec', 'selector', 'matchLabels');
  return labels?.[gatewayLabel] !== undefined || stringAt(labels, 'istio')?.endsWith('gateway') === true;
}

/** Why an opening does no harm, as far as the reach of the policy is known. */
function harmless(policy: Resource, { policies }: CheckContext): string | undefined {
  const selection = policies.selection(policy);
  if (!selection.known) return undefined;
  if (selection.value.inert !== undefined) return 'policy has no effect';
  const planes = selection.value.workloads.map((workload) => policies.enrolment(workload));
  const gatewaysOnly =
    planes.length > 0
      ? planes.every((plane) => plane.known && plane.value.dataPlane === 'gateway')
      : selectsGateways(policy);
  return gatewaysOnly ? 'policy reaches gateways only' : undefined;
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-002',
    title: 'ALLOW rule matches every request',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced ALLOW policies with rules',
    messages: {
      everything:
        'A rule of {policy} has no condition and allows every request; no other ALLOW policy restricts the same workloads any more.',
    },
    remediation:
      'Name in the rule of {policy} who may call (from.source.principals) and what (to.operation.methods, paths, ports); to allow nothing, use an empty spec without rules.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/AC-6',
      'nist-800-204b/SAUZ-SR-1',
      'pci-dss-4.0.1/7.2.2',
      'istio-best-practices/default-deny',
    ],
    aliases: ['prisma/451'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const rules = rulesOf(policy);
    if (actionOf(policy) !== 'ALLOW') return notApplicable('action is not ALLOW');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (rules.length === 0) return notApplicable('policy allows nothing');
    const openings = rules.map(opening).filter((at) => at !== undefined);
    if (openings.length === 0) return pass;
    const reason = harmless(policy, context);
    if (reason !== undefined) return notApplicable(reason);
    const data = { policy: describe(context.mesh, policy) };
    return fail(...openings.map((at) => ({ message: 'everything' as const, at, data })));
  },
});
