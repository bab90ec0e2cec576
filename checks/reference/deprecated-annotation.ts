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

/** What took the place of annotations that are often met. */
const successors: readonly (readonly [pattern: RegExp, remediation: string])[] = [
  [/^sidecar\.istio\.io\/inject$/, 'Replace the annotation {key} of {subjects} by the label of that name.'],
  [/\/stats/, 'Replace the annotation {key} of {subjects} by metrics overrides of the Telemetry API.'],
  [
    /\/discoveryAddress$/,
    'Replace {key} of {subjects} by discoveryAddress in the annotation proxy.istio.io/config.',
  ],
];

function successor(key: string) {
  const [, remediation] = successors.find(([pattern]) => pattern.test(key)) ?? [];
  return remediation === undefined ? {} : { remediation };
}

export default defineCheck({
  meta: {
    id: 'REF-016',
    title: 'Annotation is deprecated',
    severity: 'info',
    confidence: 'high',
    profile: 'strict',
    examines: 'workloads with annotations of Istio',
    messages: {
      deprecated:
        'Annotation {key} of {subjects} is deprecated: it works today, and a later release of Istio may ignore it.',
    },
    remediation:
      'Replace the annotation {key} of {subjects} by what took its place (the annotation reference of Istio names it).',
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
          ...successor(key),
        }),
      ),
    );
  },
});
