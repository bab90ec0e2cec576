import {
  controlPlaneVersion,
  defineCheck,
  fail,
  lineOf,
  minorsAhead,
  namedIstioImages,
  notApplicable,
  parseRelease,
  pass,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'WL-005',
    title: 'Proxy does not fit the release of its control plane',
    severity: 'medium',
    confidence: 'high',
    examines: 'proxy images that pods name themselves',
    messages: {
      behind:
        'The proxy of {workload} is of Istio {proxy}, the control plane of {control}: what a newer proxy enforces this one does not, and fixes are missing.',
      ahead:
        'The proxy of {workload} is of Istio {proxy}, newer than the control plane ({control}): the two are not tested together.',
    },
    remediation:
      'Remove the image from {workload} and let injection set it (image: auto), or name the release of the control plane, {control}.',
    controls: ['istio-best-practices/supported-release', 'nist-800-53-r5/CM-2', 'nist-800-53-r5/CM-6'],
    aliases: ['IST0158', 'istio-vet/meshversion'],
  },
  subjects: namedIstioImages,
  judge: ({ part, tag, workload, at }, { mesh, policies }) => {
    if (workload === undefined || part !== 'proxy') return notApplicable('image is not of a proxy');
    const proxy = tag === undefined ? undefined : parseRelease(tag);
    if (proxy === undefined) return notApplicable('tag does not tell the release');
    const enrolment = policies.enrolment(workload);
    const written = controlPlaneVersion(mesh, enrolment.known ? enrolment.value.revision : undefined);
    const control = written === undefined ? undefined : parseRelease(written);
    const ahead = control && minorsAhead(proxy, control);
    if (control === undefined || ahead === undefined)
      return unknown([{ key: 'istio-version', text: 'release of the control plane' }]);
    const data = {
      workload: `${workload.kind} ${workload.namespace}/${workload.name}`,
      proxy: lineOf(proxy),
      control: lineOf(control),
    };
    /** One sentence for each pair of releases: environments may differ in their control plane. */
    const cause = `${data.proxy} ${data.control}`;
    const like = cause;
    if (ahead > 0) return fail({ message: 'ahead', at, data, cause, like });
    return ahead < -1 ? fail({ message: 'behind', at, data, cause, like }) : pass;
  },
});
