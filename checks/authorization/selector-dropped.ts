import { defineCheck, describe, fail, notApplicable, objectAt, pass, resources, selectsAll } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'];

const policies = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'security.istio.io', kind));

export default defineCheck({
  meta: {
    id: 'AUTHZ-012',
    title: 'Selector is dropped and the policy covers everything',
    severity: 'high',
    confidence: 'high',
    examines: 'policies with a selector',
    messages: {
      wide: 'The selector of {policy} has {field}, which Istio does not know, and no matchLabels: the policy is for every workload of {reach}.',
    },
    remediation:
      'Write the labels of {policy} under spec.selector.matchLabels; other ways to select do not exist.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.1',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: policies,
  judge: (policy, { mesh }) => {
    const selector = objectAt(policy.object, 'spec', 'selector');
    if (selector === undefined) return notApplicable('policy has no selector');
    const field = Object.keys(selector).find((key) => key !== 'matchLabels');
    if (field === undefined || !selectsAll(policy)) return pass;
    const namespace = mesh.namespaceOf(policy);
    return fail({
      message: 'wide',
      at: { resource: policy, path: ['spec', 'selector', field] },
      data: {
        policy: describe(mesh, policy),
        field,
        reach: namespace === mesh.settings.rootNamespace ? 'the mesh' : `namespace ${namespace}`,
      },
    });
  },
});
