import {
  defineCheck,
  describe,
  fail,
  isArray,
  notApplicable,
  objectAt,
  pass,
  resources,
  selectsAll,
  valueAt,
} from '#check';
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
      'no-refs':
        'The list targetRefs of {policy} is empty, which is as if it were not there: the policy is for every workload of {reach}.',
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
    const namespace = mesh.namespaceOf(policy);
    const reach = namespace === mesh.settings.rootNamespace ? 'the mesh' : `namespace ${namespace}`;
    const data = { policy: describe(mesh, policy), reach };
    const refs = valueAt(policy.object, ['spec', 'targetRefs']);
    if (selector === undefined && isArray(refs) && refs.length === 0 && selectsAll(policy))
      return fail({
        message: 'no-refs',
        at: { resource: policy, path: ['spec', 'targetRefs'] },
        data,
        remediation: 'Name what {policy} is for in targetRefs, or remove the list if it is for all.',
      });
    if (selector === undefined) return notApplicable('policy has no selector');
    const field = Object.keys(selector).find((key) => key !== 'matchLabels');
    if (field === undefined || !selectsAll(policy)) return pass;
    const at = { resource: policy, path: ['spec', 'selector', field] };
    return fail({ message: 'wide', at, data: { ...data, field } });
  },
});
