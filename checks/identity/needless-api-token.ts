import {
  defineCheck,
  fail,
  isBound,
  notApplicable,
  pass,
  placeOf,
  unknown,
  valueAt,
  whenEnrolled,
  workloads,
} from '#check';
import type { Mesh, Verdict, Workload } from '#check';

/** True when the pod, or else its account, says that no token is to be mounted; undefined: the account is elsewhere. */
function isMounted(mesh: Mesh, { podSpec, namespace, serviceAccount }: Workload): boolean | undefined {
  const ofPod = valueAt(podSpec, ['automountServiceAccountToken']);
  if (typeof ofPod === 'boolean') return ofPod;
  const account = mesh.find('', 'ServiceAccount', namespace, serviceAccount);
  if (account === undefined) return mesh.scope === 'complete' ? true : undefined;
  return valueAt(account.object, ['automountServiceAccountToken']) !== false;
}

export default defineCheck({
  meta: {
    id: 'ID-006',
    title: 'Pods carry a token for the Kubernetes API that they have no use for',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'enrolled workloads',
    messages: {
      mounted:
        'Pods of namespace {namespace} mount a token of an account without any rights: {subjects}. To the API server it still proves who they are.',
    },
    remediation:
      'Set automountServiceAccountToken: false in the pod templates of {subjects}; the proxy has a token of its own.',
    controls: ['cis-kubernetes-2.0.1/5.1.6', 'nist-800-53-r5/AC-6', 'nist-800-53-r5/CM-7'],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whenEnrolled(workload, context, (): Verdict<'mounted'> => {
      const { mesh } = context;
      const { namespace } = workload;
      if (workload.pods.length === 0 && workload.containers.length === 0)
        return notApplicable('workload is no pod');
      const mounted = isMounted(mesh, workload);
      if (mounted === false) return pass;
      if (mounted === undefined || mesh.scope === 'partial')
        return unknown([
          { key: 'role-bindings', text: `bindings of the service accounts of namespace ${namespace}` },
        ]);
      // Any binding of the account, whatever it grants, means that the workload may need the token.
      if (isBound(mesh, namespace, workload.serviceAccount)) return pass;
      return fail({
        message: 'mounted',
        at: placeOf(workload),
        like: `tokens in ${namespace}`,
        data: { namespace },
      });
    }),
});
