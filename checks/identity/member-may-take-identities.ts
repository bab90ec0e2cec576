import { defineCheck, judgeMemberGrants, workloads } from '#check';
import type { Power } from '#check';

const powers: ReadonlySet<Power> = new Set(['secrets', 'tokens', 'impersonation', 'exec']);

export default defineCheck({
  meta: {
    id: 'ID-010',
    title: 'Workload of the mesh may take the identity of others',
    severity: 'medium',
    confidence: 'medium',
    examines: 'workloads and gateways of the mesh',
    messages: {
      may: '{subjects} may, as {account} by role {role}, {powers} where the keys of the mesh lie: who takes it over can pass for other workloads.',
    },
    remediation:
      'Limit role {role} to the namespaces and names that {account} needs, and leave those of the control plane and of gateways out.',
    controls: [
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/IA-5(2)',
      'cis-kubernetes-2.0.1/5.1.2',
      'cis-kubernetes-2.0.1/5.1.8',
      'pci-dss-4.0.1/7.2.5',
      'csa-ccm-4/IAM-05',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => judgeMemberGrants(workload, context, powers),
});
