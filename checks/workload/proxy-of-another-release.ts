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
        'Proxy of Istio {proxy} in {workload}, for a control plane of {control}: policies that need a newer proxy are not enforced, and fixes are missing.',
      ahead:
        'Proxy of Istio {proxy} in {workload}, newer than the control plane ({control}): what that sends it is not tested with it.',
    },
    remediation:
      'Remove the image from {workload} and let injection set it (image: auto), or name the release {control} of the control plane.',
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
    const like = `${data.proxy} ${data.control}`;
    if (ahead > 0) return fail({ message: 'ahead', at, data, like });
    return ahead < -1 ? fail({ message: 'behind', at, data, like }) : pass;
  },
});
