import {
  defineCheck,
  fail,
  grantsEverything,
  notApplicable,
  ownRules,
  pass,
  powersOf,
  resources,
} from '#check';
import type { Failure } from '#check';

/** What Kubernetes brings along. */
const isBuiltIn = (name: string): boolean => name === 'cluster-admin' || name.startsWith('system:');

export default defineCheck({
  meta: {
    id: 'ID-012',
    title: 'Role grants everything, the mesh included',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'roles with power over the mesh',
    messages: {
      everything:
        '{role} grants every verb on every resource: policies, keys and webhooks of the mesh among them, without naming them.',
    },
    remediation: 'Name in {role} the groups, resources and verbs that are needed.',
    controls: [
      'cis-kubernetes-2.0.1/5.1.3',
      'nist-800-53-r5/AC-6',
      'pci-dss-4.0.1/7.2.2',
      'cis-controls-8.1/6.8',
    ],
  },
  subjects: (context) => [
    ...resources(context, 'rbac.authorization.k8s.io', 'ClusterRole'),
    ...resources(context, 'rbac.authorization.k8s.io', 'Role'),
  ],
  judge: (role) => {
    if (isBuiltIn(role.name)) return notApplicable('role is built into Kubernetes');
    const rules = ownRules(role);
    if (!rules.some((rule) => powersOf(rule).size > 0))
      return notApplicable('role has no power over the mesh');
    const failures = rules.filter(grantsEverything).map(({ at }): Failure<'everything'> => ({
      message: 'everything',
      at,
      data: { role: `${role.kind} ${role.name}` },
    }));
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
