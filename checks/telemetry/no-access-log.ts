import {
  defineCheck,
  fail,
  isOutsideByNature,
  notApplicable,
  pass,
  placeOf,
  readsOtherSettings,
  unknown,
  valueAt,
  whenKnown,
  whetherEnrolledOrNot,
  workloads,
} from '#check';
import type { CheckContext, FieldRef, Workload } from '#check';

const logged = new Set(['sidecar', 'gateway', 'waypoint']);

/** The field `disabled` of the entry that decided, where it is there. */
const switchOf = ({ resource, path }: FieldRef): FieldRef =>
  valueAt(resource.object, [...path, 'disabled']) === undefined
    ? { resource, path }
    : { resource, path: [...path, 'disabled'] };

const withoutEnvoy = 'workload has no Envoy proxy (ztunnel logs by itself)';

function judgeLog(workload: Workload, { mesh, policies }: CheckContext) {
  const root = mesh.settings.rootNamespace;
  return whenKnown(policies.accessLog(workload), ({ value: { enabled }, decidedBy }) => {
    if (enabled) return pass;
    if (decidedBy !== 'default') return fail({ message: 'off', at: switchOf(decidedBy), data: { root } });
    return fail({
      message: 'default',
      at: mesh.settings.sources[0] ?? placeOf(workload),
      cause: 'no access log',
      data: { root },
    });
  });
}

export default defineCheck({
  meta: {
    id: 'TEL-001',
    title: 'Proxy writes no access log',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with an Envoy proxy',
    messages: {
      off: 'Access logging is switched off here: no request at {subjects} is recorded.',
      default: 'No access log is configured, and the default is none: no request at {subjects} is recorded.',
    },
    remediation:
      'Create a Telemetry without selector in namespace {root} with spec.accessLogging naming a provider (envoy is built in), or set accessLogFile in the mesh config; remove what switches it off.',
    controls: [
      'nist-800-53-r5/AU-2',
      'nist-800-53-r5/AU-12',
      'nist-800-207a/MON-CNA-REQ-3',
      'pci-dss-4.0.1/10.2.1',
      'cis-controls-8.1/8.5',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    const enrolment = context.policies.enrolment(workload);
    if (!enrolment.known && readsOtherSettings(context)) return unknown(enrolment.missing);
    if (!enrolment.known)
      return whetherEnrolledOrNot(workload, context, (dataPlane) =>
        dataPlane === 'ambient' ? notApplicable(withoutEnvoy) : judgeLog(workload, context),
      );
    return logged.has(enrolment.value.dataPlane) ? judgeLog(workload, context) : notApplicable(withoutEnvoy);
  },
});
