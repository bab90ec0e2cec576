import {
  defineCheck,
  fail,
  lineOf,
  parseRelease,
  pass,
  shownControlPlanes,
  supportOf,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'CP-006',
    title: 'Release of Istio gets no more fixes',
    severity: 'high',
    confidence: 'high',
    examines: 'control planes',
    messages: {
      ended:
        'Revision {revision} runs Istio {version}: support of {line} {ended} {end}. Vulnerabilities that are found since are not mended in it.',
      old: 'Revision {revision} runs Istio {version}: support of {line} ended years ago. Vulnerabilities that are found since are not mended in it.',
    },
    remediation:
      'Upgrade revision {revision} line by line to a supported release; {newest} is the newest one known.',
    controls: [
      'nist-800-53-r5/SA-22',
      'iso-27001-2022/A.8.8',
      'istio-best-practices/supported-release',
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.2',
    ],
  },
  subjects: shownControlPlanes,
  judge: ({ revision, version, versionAt }, { mesh }) => {
    const release = version === undefined ? undefined : parseRelease(version);
    const support = release && supportOf(mesh, release);
    if (version === undefined || release === undefined || support === undefined)
      return unknown([{ key: 'istio-version', text: `release of Istio that revision ${revision} runs` }]);
    if (support.supported) return pass;
    const data = { revision, version, line: lineOf(release), newest: support.newest };
    return support.endOfSupport === undefined
      ? fail({ message: 'old', at: versionAt, like: version, data })
      : fail({
          message: 'ended',
          at: versionAt,
          like: version,
          ...(support.expected ? { severity: 'medium' } : {}),
          data: {
            ...data,
            ended: support.expected ? 'was expected to end on' : 'ended on',
            end: support.endOfSupport,
          },
        });
  },
});
