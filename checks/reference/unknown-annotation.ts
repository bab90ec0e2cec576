import {
  allOf,
  defineCheck,
  fail,
  isUnknownAnnotation,
  likelyAnnotation,
  notApplicable,
  pass,
  placeOf,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-012',
    title: 'Annotation is none of Istio’s',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with annotations of Istio',
    messages: {
      unknown: 'The annotation {key} of {subjects} is unknown to Istio: what it was to set does not happen.',
    },
    remediation: 'Correct or remove the annotation {key} of {subjects}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['IST0108'],
  },
  subjects: workloads,
  judge: (workload) => {
    const keys = Object.keys(workload.annotations);
    if (!keys.some((key) => key.includes('istio.io/')))
      return notApplicable('workload has no annotation of Istio');
    const unknown = keys.filter(isUnknownAnnotation);
    if (unknown.length === 0) return pass;
    const { resource, path } = placeOf(workload);
    return allOf(
      unknown.map((key) => {
        const meant = likelyAnnotation(key);
        return fail({
          message: 'unknown',
          at: { resource, path: [...path, 'metadata', 'annotations', key] },
          like: `annotation ${key}`,
          data: { key, ...(meant === undefined ? {} : { meant }) },
          ...(meant === undefined ? {} : { remediation: 'Write {meant} in place of {key} at {subjects}.' }),
        });
      }),
    );
  },
});
