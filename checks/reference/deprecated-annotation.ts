import {
  allOf,
  defineCheck,
  fail,
  isDeprecatedAnnotation,
  notApplicable,
  pass,
  placeOf,
  workloads,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-016',
    title: 'Annotation is deprecated',
    severity: 'info',
    confidence: 'high',
    profile: 'strict',
    examines: 'workloads with annotations of Istio',
    messages: {
      deprecated: 'The annotation {key} of {subjects} is deprecated: a later release of Istio may ignore it.',
    },
    remediation:
      'Replace the annotation {key} of {subjects} (sidecar.istio.io/inject by the label of that name; the stats annotations by the Telemetry API; discoveryAddress by proxy.istio.io/config).',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/supported-release'],
    aliases: ['IST0135'],
  },
  subjects: workloads,
  judge: (workload) => {
    const keys = Object.keys(workload.annotations);
    if (!keys.some((key) => key.includes('istio.io/')))
      return notApplicable('workload has no annotation of Istio');
    const { resource, path } = placeOf(workload);
    const old = keys.filter(
      (key) => isDeprecatedAnnotation(key) && !(key in workload.labels && key === 'sidecar.istio.io/inject'),
    );
    if (old.length === 0) return pass;
    return allOf(
      old.map((key) =>
        fail({
          message: 'deprecated',
          at: { resource, path: [...path, 'metadata', 'annotations', key] },
          like: `deprecated ${key}`,
          data: { key },
        }),
      ),
    );
  },
});
