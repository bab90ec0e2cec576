import {
  defineCheck,
  fail,
  isOutsideByNature,
  labelConflict,
  notApplicable,
  pass,
  placeOf,
  usesWaypoints,
  workloads,
} from '#check';

const mode = 'istio.io/dataplane-mode';

export default defineCheck({
  meta: {
    id: 'ENR-008',
    title: 'Pod with a sidecar in a namespace of ambient mode',
    severity: 'low',
    confidence: 'high',
    examines: 'workloads of namespaces in ambient mode',
    messages: {
      mixed:
        'Namespace {namespace} is in ambient mode, but {subjects} has a sidecar ({reason}): ambient mode leaves it out, and what it calls does not pass the waypoints.',
    },
    remediation:
      'Remove what gives {subjects} a sidecar ({reason}) and restart the pods; if the sidecar is wanted, label the pods with istio.io/dataplane-mode=none to say so.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-25', 'nist-800-207a/MON-CNA-REQ-1'],
    aliases: ['KIA1314', 'KIA1315', 'KIA1316'],
  },
  subjects: workloads,
  judge: (workload, { mesh, policies }) => {
    const namespace = mesh.namespaces.get(workload.namespace);
    if (namespace?.labels[mode] !== 'ambient') return notApplicable('namespace is not in ambient mode');
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    if (workload.labels[mode] === 'none') return notApplicable('pod opts out of ambient mode');
    if (labelConflict(mesh, namespace) !== undefined)
      return notApplicable('labels of the namespace contradict each other: another check judges them');
    const enrolment = policies.enrolment(workload);
    if (!enrolment.known) return notApplicable('enrolment is not known');
    const { dataPlane, reason } = enrolment.value;
    if (dataPlane !== 'sidecar') return pass;
    return fail({
      message: 'mixed',
      at: enrolment.decidedBy === 'default' ? placeOf(workload) : enrolment.decidedBy,
      data: { namespace: workload.namespace, reason },
      ...(usesWaypoints(mesh) ? { severity: 'medium' as const } : {}),
    });
  },
});
