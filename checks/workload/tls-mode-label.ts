import {
  defineCheck,
  fail,
  notApplicable,
  pass,
  placeOf,
  valueAt,
  whetherEnrolledOrNot,
  workloads,
} from '#check';
import type { FieldRef, Workload } from '#check';

const label = 'security.istio.io/tlsMode';

const fieldOf = (workload: Workload): FieldRef => {
  const path = [...workload.podPath, 'metadata', 'labels', label];
  return valueAt(workload.resource.object, path) === undefined
    ? placeOf(workload)
    : { resource: workload.resource, path };
};

export default defineCheck({
  meta: {
    id: 'WL-002',
    title: 'Pod label makes clients send plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      plaintext:
        'Label security.istio.io/tlsMode={value} tells clients that {subjects} speaks no mTLS: they send plaintext, or fail where it is STRICT.',
    },
    remediation: 'Remove the label security.istio.io/tlsMode from {subjects}: injection sets it to istio.',
    controls: ['nist-800-204/MS-SS-4', 'nist-800-207a/ID-SEG-REC-1', 'nist-800-53-r5/SC-8(1)'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const value = workload.labels[label] ?? '';
    const isHarmless = value === '' || value === 'istio';
    if (isHarmless && !context.policies.enrolment(workload).known) return pass;
    return whetherEnrolledOrNot(workload, context, (dataPlane) => {
      if (dataPlane !== 'sidecar') return notApplicable('workload has no sidecar');
      return isHarmless ? pass : fail({ message: 'plaintext', at: fieldOf(workload), data: { value } });
    });
  },
});
