import {
  annotationField,
  defineCheck,
  fail,
  notApplicable,
  pass,
  stringAt,
  whenKnown,
  workloads,
} from '#check';
import type { Failure, Mesh, Workload } from '#check';

const levels = ['sidecar.istio.io/logLevel', 'sidecar.istio.io/componentLogLevel'] as const;

const isVerbose = (value: string): boolean =>
  value
    .split(',')
    .some((part) => /(?:^|:)\s*(?:debug|trace)\s*$/.test(part) && !part.trim().startsWith('misc:'));

function ofAnnotations(workload: Workload): readonly Failure<'pod'>[] {
  return levels.flatMap((annotation) => {
    const value = Object.hasOwn(workload.annotations, annotation)
      ? workload.annotations[annotation]
      : undefined;
    if (value === undefined || !isVerbose(value)) return [];
    return [
      { message: 'pod' as const, at: annotationField(workload, annotation), data: { annotation, value } },
    ];
  });
}

function ofMesh({ settings }: Mesh): readonly Failure<'mesh'>[] {
  const at = settings.injectorSource;
  const value = stringAt(settings.injector, 'values', 'global', 'proxy', 'logLevel');
  if (value === undefined || at === undefined || !isVerbose(value)) return [];
  return [{ message: 'mesh', at, data: { annotation: 'global.proxy.logLevel', value } }];
}

export default defineCheck({
  meta: {
    id: 'WL-004',
    title: 'Proxy writes headers and tokens to its log',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with an injected proxy',
    messages: {
      pod: 'The proxy of {subjects} logs at {annotation}={value}: headers of requests, tokens and cookies among them, go to the container log.',
      mesh: 'All proxies log at {annotation}={value}, that of {subjects} too: headers of requests, tokens and cookies among them, go to the container log.',
    },
    remediation:
      'Remove {annotation} (warning is the default); istioctl proxy-config log sets a level for a while, without a manifest.',
    controls: ['iso-27001-2022/A.8.12', 'nist-800-53-r5/CM-6', 'pci-dss-4.0.1/2.2.6'],
  },
  subjects: workloads,
  judge: (workload, { mesh, policies }) => {
    const failures = [...ofAnnotations(workload), ...ofMesh(mesh)];
    if (failures.length === 0) return pass;
    return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) =>
      dataPlane === 'sidecar' || dataPlane === 'gateway'
        ? fail(...failures)
        : notApplicable('no proxy is injected into the workload'),
    );
  },
});
