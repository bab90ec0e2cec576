import { allowedByName, defineCheck, describe, fail, pass, placeOf, whenEnrolled, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'ID-001',
    title: 'Workload has no service account of its own',
    severity: 'low',
    confidence: 'high',
    examines: 'enrolled workloads',
    messages: {
      default:
        'Workloads of namespace {namespace} run as its default service account: {subjects}. Policies cannot tell them apart, nor from any other pod there that names no account.',
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
    const { namespace, serviceAccount } = workload;
    if (serviceAccount !== 'default') return pass;
    return whenEnrolled(workload, context, () => {
      const [named] = allowedByName(context.mesh, namespace, serviceAccount);
      const at = placeOf(workload);
      if (named === undefined)
        return fail({ message: 'default', at, like: `account of ${namespace}`, data: { namespace } });
      const data = { namespace, policy: describe(context.mesh, named.policy) };
      const related = [{ at: named.field.at, note: 'lets the account in' }];
      return fail({
        message: 'named',
        at,
        severity: 'medium',
        like: `account of ${namespace}`,
        data,
        related,
      });
    });
  },
});
