import {
  defineCheck,
  fail,
  grantsOfAccount,
  isOutsideByNature,
  notApplicable,
  pass,
  reachesMesh,
  whenKnown,
  workloads,
} from '#check';
import type { Grant, Mesh, Power, Workload } from '#check';

const powers: ReadonlySet<Power> = new Set(['policies', 'extensions', 'webhooks', 'namespaces']);

/** A gateway reads the certificates of its own namespace by design. */
const isByDesign = ({ power, namespace }: Grant, workload: Workload): boolean =>
  power === 'secrets' && namespace === workload.namespace;

function grantsTo(mesh: Mesh, workload: Workload): readonly Grant[] {
  return grantsOfAccount(mesh, workload.namespace, workload.serviceAccount).filter(
    (grant) => powers.has(grant.power) && reachesMesh(mesh, grant) && !isByDesign(grant, workload),
  );
}

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
  judge: (workload, { mesh, policies }) => {
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    // The account `default` is reported where it is bound, for all pods that have it.
    const grants = workload.serviceAccount === 'default' ? [] : grantsTo(mesh, workload);
    const [first] = grants;
    if (first === undefined) return pass;
    return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) => {
      if (dataPlane !== 'sidecar' && dataPlane !== 'ambient' && dataPlane !== 'gateway')
        return notApplicable('workload is not in the mesh');
      const account = `${workload.namespace}/${workload.serviceAccount}`;
      const texts = [...new Set(grants.map(({ text }) => text))].join(', ');
      const related = [{ at: first.holder.at, note: `binds role ${first.role}` }];
      const at = first.rule ?? first.holder.at;
      return fail({
        message: 'may',
        at,
        cause: account,
        data: { account, role: first.role, powers: texts },
        related,
      });
    });
  },
});
