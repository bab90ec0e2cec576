import { defineCheck, fail, labelConflict, namespaces, notApplicable, pass } from '#check';

export default defineCheck({
  meta: {
    id: 'ENR-003',
    title: 'Labels of a namespace contradict each other',
    severity: 'medium',
    confidence: 'high',
    examines: 'namespaces',
    messages: {
      nobody:
        'Namespace {namespace} has {first} beside {second}: the first hides the second, and no pod gets a sidecar.',
      ignored:
        'Namespace {namespace} has {first} beside {second}: the revision is not looked at, the default revision injects, or nobody where there is none.',
      both: 'Namespace {namespace} has {first} and {second}: new pods get a sidecar and are left out of ambient mode, pods from before the label may not.',
    },
    remediation: 'Remove one of {first} and {second} from namespace {namespace}, and restart the pods.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-25', 'nist-800-207a/MON-CNA-REQ-1'],
    aliases: ['IST0123', 'KIA1311'],
  },
  subjects: namespaces,
  judge: (namespace, { mesh }) => {
    if (namespace.resource === undefined) return notApplicable('Namespace object is not in the input');
    const conflict = labelConflict(mesh, namespace);
    if (conflict === undefined) return pass;
    const { kind, at, first, second } = conflict;
    return fail({
      message: kind,
      at,
      data: { namespace: namespace.name, first, second },
      ...(kind === 'nobody' ? { severity: 'high' as const } : {}),
    });
  },
});
