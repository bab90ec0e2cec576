import {
  defineCheck,
  differentApplications,
  fail,
  namedAccounts,
  notApplicable,
  pass,
  resources,
  workloadsOfAccount,
} from '#check';
import type { Failure } from '#check';

export default defineCheck({
  meta: {
    id: 'ID-002',
    title: 'Policy trusts an account that several applications share',
    severity: 'low',
    confidence: 'medium',
    examines: 'authorization policies that name service accounts',
    messages: {
      shared:
        'Service account {account}, which policies let in, is shared by different applications: {applications}. What is meant for one is open to all.',
    },
    remediation:
      'Give each application a service account of its own, and name in the policy the one that needs the access, instead of {account}.',
    controls: ['nist-800-204a/SM-DR11', 'nist-800-53-r5/IA-4', 'nist-800-53-r5/AC-6', 'pci-dss-4.0.1/7.2.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const named = namedAccounts(mesh, policy).filter(
      ({ action, field, account }) => action === 'ALLOW' && !field.negative && account !== 'default',
    );
    if (named.length === 0) return notApplicable('policy lets no service account in by its name');
    const failures = named.flatMap(({ namespace, account, field, index }): readonly Failure<'shared'>[] => {
      const different = differentApplications(mesh, workloadsOfAccount(mesh, namespace, account));
      if (different.length === 0) return [];
      const name = `${namespace}/${account}`;
      const applications = different.map((workload) => `${workload.kind} ${workload.name}`).join(', ');
      const at = { resource: policy, path: [...field.at.path, index] };
      return [{ message: 'shared', at, like: name, data: { account: name, applications } }];
    });
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
