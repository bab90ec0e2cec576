import {
  defineCheck,
  describe,
  fail,
  gatewaysElsewhere,
  notApplicable,
  pass,
  resources,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['AuthorizationPolicy', 'RequestAuthentication'];

const policiesOf = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'security.istio.io', kind));

export default defineCheck({
  meta: {
    id: 'AUTHZ-025',
    title: 'Policy for a gateway stands in another namespace',
    severity: 'high',
    confidence: 'medium',
    examines: 'policies with a selector',
    messages: {
      elsewhere:
        '{policy} selects the labels of {gateway}, but a selector reaches pods of its own namespace only: nothing enforces the policy at the gateway.',
    },
    remediation: 'Move {policy} to namespace {namespace}, where the pods of the gateway run.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SC-7',
      'nist-800-53-r5/CM-6',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['KIA0004'],
  },
  subjects: policiesOf,
  judge: (policy, context) =>
    whenKnown(context.policies.selection(policy), ({ value: { inert, scope, workloads } }) => {
      if (inert !== undefined || scope !== 'workload-specific')
        return notApplicable('policy has no selector');
      if (workloads.length > 0) return pass;
      const [gateway] = gatewaysElsewhere(policy, context);
      if (gateway === undefined) return notApplicable('policy selects the labels of no gateway');
      return fail({
        message: 'elsewhere',
        at: { resource: policy, path: ['metadata', 'namespace'] },
        data: {
          policy: describe(context.mesh, policy),
          gateway: describe(context.mesh, gateway.resource),
          namespace: gateway.namespace,
        },
        related: [{ at: { resource: gateway.resource, path: gateway.podPath }, note: 'has the labels' }],
      });
    }),
});
