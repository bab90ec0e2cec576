import {
  accountExists,
  defineCheck,
  fail,
  namedAccounts,
  notApplicable,
  otherClusters,
  pass,
  resources,
  unknown,
} from '#check';
import type { Failure } from '#check';

export default defineCheck({
  meta: {
    id: 'ID-003',
    title: 'Policy names a service account that does not exist',
    severity: 'low',
    confidence: 'medium',
    examines: 'authorization policies that name service accounts',
    messages: {
      allows:
        '{value} names service account {account}, which does not exist: whoever may create one of that name there is let in.',
      denies: '{value} names service account {account}, which does not exist: the rule refuses nobody.',
    },
    remediation: 'Correct {value} to the account that the callers run as, or remove it.',
    controls: ['nist-800-53-r5/IA-4', 'nist-800-53-r5/AC-3', 'istio-best-practices/authorization-policies'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const { settings } = mesh;
    const own = new Set(['cluster.local', settings.trustDomain, ...settings.trustDomainAliases]);
    const named = namedAccounts(mesh, policy).filter(
      ({ field, trustDomain }) => !field.negative && (trustDomain === undefined || own.has(trustDomain)),
    );
    if (named.length === 0) return notApplicable('policy names no service account of this mesh');
    const absent = named.filter(({ namespace, account }) => !accountExists(mesh, namespace, account));
    const [first] = absent;
    if (first === undefined) return pass;
    if (mesh.scope === 'partial')
      return unknown([
        { key: 'service-account', text: `service account ${first.namespace}/${first.account}` },
      ]);
    if (otherClusters(mesh) !== undefined)
      return unknown([{ key: 'other-clusters', text: `service accounts of the other clusters of the mesh` }]);
    return fail(
      ...absent.map(({ namespace, account, field, index, written, action }): Failure<'allows' | 'denies'> => {
        const at = { resource: policy, path: [...field.at.path, index] };
        const like = `${namespace}/${account}`;
        const data = { value: written, account: like };
        return action === 'DENY'
          ? { message: 'denies', at, like, data, severity: 'medium' }
          : { message: 'allows', at, like, data };
      }),
    );
  },
});
