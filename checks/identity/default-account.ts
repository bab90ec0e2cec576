import { allowedByName, defineCheck, describe, fail, pass, placeOf, whenEnrolled, workloads } from '#check';

/** Where an object that stands for a machine names its account; it has no pod template. */
const machineFields: ReadonlyMap<string, string> = new Map([
  ['WorkloadEntry', 'spec.serviceAccount'],
  ['WorkloadGroup', 'spec.template.serviceAccount'],
]);

const forMachines =
  'Create a service account for each application of namespace {namespace}, and write it into {field} of {subjects}.';

export default defineCheck({
  meta: {
    id: 'ID-001',
    title: 'Workload has no service account of its own',
    severity: 'low',
    confidence: 'high',
    examines: 'enrolled workloads',
    messages: {
      default:
        'Default service account of namespace {namespace} in use by {subjects}: policies cannot tell apart what runs as it, and every pod there that names no account does.',
      named:
        '{policy} lets in the default service account of namespace {namespace}: not only {subjects}, but every pod there that names no account.',
    },
    remediation:
      'Create a service account for each application of namespace {namespace}, and set serviceAccountName in its pod template.',
    controls: [
      'nist-800-204a/SM-DR11',
      'nist-800-53-r5/IA-4',
      'nist-800-53-r5/IA-9',
      'cis-kubernetes-2.0.1/5.1.5',
      'iso-27001-2022/A.5.16',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const { namespace, serviceAccount, kind } = workload;
    if (serviceAccount !== 'default') return pass;
    return whenEnrolled(workload, context, () => {
      const [named] = allowedByName(context.mesh, namespace, serviceAccount);
      const at = placeOf(workload);
      const field = machineFields.get(kind);
      const own = {
        like: `account of ${namespace} ${field ?? ''}`,
        ...(field === undefined ? {} : { remediation: forMachines }),
      };
      const data = { namespace, ...(field === undefined ? {} : { field }) };
      if (named === undefined) return fail({ message: 'default', at, data, ...own });
      const related = [{ at: named.field.at, note: 'lets the account in' }];
      return fail({
        message: 'named',
        at,
        severity: 'medium',
        data: { ...data, policy: describe(context.mesh, named.policy) },
        related,
        ...own,
      });
    });
  },
});
