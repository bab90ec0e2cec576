import { defineCheck, fail, notApplicable, ownRules, pass, powersOf, resources, stringAt } from '#check';
import type { Failure } from '#check';

const prefix = 'rbac.authorization.k8s.io/aggregate-to-';
const targets = ['view', 'edit', 'admin'] as const;

export default defineCheck({
  meta: {
    id: 'ID-008',
    title: 'Everybody with a common role may change the mesh',
    severity: 'medium',
    confidence: 'high',
    examines: 'cluster roles that are added to the common ones',
    messages: {
      aggregated:
        'Label {label} adds to the role {target} the right to {power}: whoever has {target} in a namespace has it, without having been asked for.',
    },
    remediation:
      'Remove label {label} from ClusterRole {role}, and bind the role to those who look after the mesh.',
    controls: [
      'nist-800-53-r5/AC-6(1)',
      'nist-800-53-r5/AC-6',
      'pci-dss-4.0.1/7.2.2',
      'cis-controls-8.1/6.8',
      'istio-best-practices/authorization-policies',
    ],
    aliases: ['tetrate/rbac-on-gateways'],
  },
  subjects: (context) => resources(context, 'rbac.authorization.k8s.io', 'ClusterRole'),
  judge: (role) => {
    const labelled = targets.find(
      (target) => stringAt(role.object, 'metadata', 'labels', prefix + target) === 'true',
    );
    if (labelled === undefined) return notApplicable('role is not added to a common one');
    const failures = ownRules(role).flatMap((rule): readonly Failure<'aggregated'>[] => {
      const powers = powersOf(rule);
      const power = powers.get('policies') ?? powers.get('extensions') ?? powers.get('gateways');
      if (power === undefined) return [];
      const at = { resource: role, path: ['metadata', 'labels', prefix + labelled] };
      const data = { label: prefix + labelled, target: labelled, power, role: role.name };
      return [{ message: 'aggregated', at, data, severity: labelled === 'admin' ? 'low' : 'medium' }];
    });
    const [first] = failures;
    return first === undefined ? pass : fail(first);
  },
});
