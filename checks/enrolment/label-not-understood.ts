import {
  defineCheck,
  fail,
  misreadNamespaceLabels,
  misreadPodLabels,
  namespaces,
  pass,
  templateVariableIn,
  workloads,
} from '#check';
import type { CheckContext, MisreadLabel, Subject } from '#check';

/** Namespaces and workloads, each with the labels that are not understood. */
function subjects(context: CheckContext): readonly Subject<readonly MisreadLabel[]>[] {
  return [
    ...namespaces(context).map(({ ref, value }) => ({ ref, value: misreadNamespaceLabels(value) })),
    ...workloads(context).map(({ ref, value }) => ({ ref, value: misreadPodLabels(value) })),
  ];
}

export default defineCheck({
  meta: {
    id: 'ENR-004',
    title: 'Label that is to enrol is not understood',
    severity: 'high',
    confidence: 'high',
    examines: 'namespaces and workloads',
    messages: {
      misread:
        'Label {key}={value} enrols nothing: Istio knows {meant} only, in exactly that spelling. {subjects} may be outside the mesh.',
    },
    remediation: 'Write {key}={meant}, and restart the pods.',
    controls: [
      'nist-800-53-r5/CM-6',
      'nist-800-53-r5/AC-25',
      'nist-800-207a/MON-CNA-REQ-1',
      'nist-800-53-r5/SC-8(1)',
    ],
  },
  subjects,
  judge: (labels) => {
    const real = labels.filter(({ value }) => templateVariableIn(value) === undefined);
    if (real.length === 0) return pass;
    return fail(
      ...real.map(({ key, value, meant, at }) => ({
        message: 'misread' as const,
        at,
        data: { key, value, meant },
      })),
    );
  },
});
