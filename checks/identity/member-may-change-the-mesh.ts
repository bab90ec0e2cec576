import { defineCheck, judgeMemberGrants, workloads } from '#check';
import type { Power } from '#check';

const powers: ReadonlySet<Power> = new Set(['policies', 'extensions', 'webhooks', 'namespaces']);

export default defineCheck({
  meta: {
    id: 'ID-009',
    title: 'Workload of the mesh may change what guards it',
    severity: 'medium',
    confidence: 'medium',
    examines: 'workloads and gateways of the mesh',
    messages: {
      may: '{subjects} may, as {account} by role {role}, {powers}: who takes it over changes the rules that hold for it.',
    },
    remediation:
      'Take these rights from role {role}, or run what needs them under another account than {account}, outside of what the mesh serves to others.',
    controls: [
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/AC-6(10)',
      'nist-800-53-r5/AC-25',
      'pci-dss-4.0.1/7.2.5',
      'csa-ccm-4/IAM-05',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => judgeMemberGrants(workload, context, powers),
});
