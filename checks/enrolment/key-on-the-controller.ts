import { defineCheck, fail, isOutsideByNature, misplacedKeys, notApplicable, pass, workloads } from '#check';
import type { MisplacedKey } from '#check';

/** What a key was to do for the protection of the pods. */
const asksForMesh = ({ key, value }: MisplacedKey): boolean =>
  (key === 'sidecar.istio.io/inject' && value === 'true') ||
  (key === 'istio.io/dataplane-mode' && value === 'ambient');

export default defineCheck({
  meta: {
    id: 'ENR-007',
    title: 'Istio key on the controller has no effect',
    severity: 'low',
    confidence: 'high',
    examines: 'controllers of pods',
    messages: {
      enrols:
        '{key}={value} stands in metadata.{list} of {subjects}; Istio looks at pods, which do not have it: they are not enrolled by it.',
      setting:
        '{key} stands in metadata.{list} of {subjects}; Istio looks at pods, which do not have it: the setting does nothing.',
    },
    remediation: 'Move {key} of {subjects} to spec.template.metadata.{list}, and restart the pods.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-25', 'istio-best-practices/traffic-capture'],
    aliases: ['IST0107'],
  },
  subjects: workloads,
  judge: (workload, { policies }) => {
    if (workload.podPath.length === 0) return notApplicable('pod has no controller');
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    const keys = misplacedKeys(workload);
    if (keys.length === 0) return pass;
    const enrolment = policies.enrolment(workload);
    const isOutside = enrolment.known && enrolment.value.dataPlane === 'none';
    return fail(
      ...keys.map((one) => ({
        message: asksForMesh(one) ? ('enrols' as const) : ('setting' as const),
        at: one.at,
        data: { key: one.key, value: one.value, list: one.list },
        ...(asksForMesh(one) && isOutside ? { severity: 'high' as const } : {}),
      })),
    );
  },
});
