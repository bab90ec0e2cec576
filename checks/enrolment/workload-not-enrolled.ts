import {
  defineCheck,
  fail,
  isOutsideByNature,
  notApplicable,
  otherMesh,
  pass,
  placeOf,
  whenKnown,
  workloads,
} from '#check';
import type { Cause, FieldRef } from '#check';

const machines = new Set(['WorkloadEntry', 'WorkloadGroup']);

/** Istio's own namespace is not to be enrolled as a whole. */
const beside =
  'Move {subjects} to a namespace that is enrolled, or give the pods the label sidecar.istio.io/inject: "true".';

const labels = 'istio-injection=enabled, istio.io/rev=<revision> or istio.io/dataplane-mode=ambient';

/** What brings in a workload that something keeps out; a sidecar is injected only when a pod is made. */
function wayIn({ resource: { kind }, path }: FieldRef, isBeside: boolean): string {
  if (path.at(-1) === 'containers')
    return isBeside
      ? `${beside} Then restart the pods.`
      : `See to it that namespace {namespace} is enrolled (${labels}) and that no label of the pods says otherwise, then restart them.`;
  if (isBeside)
    return 'If {subjects} can live behind a proxy, move it to a namespace that is enrolled and remove what keeps it out ({reason}).';
  return kind === 'Namespace'
    ? `In namespace {namespace} replace what decides it ({reason}) by ${labels}, and restart the pods.`
    : 'Change what decides it ({reason}), see to it that namespace {namespace} is enrolled, and restart the pods.';
}

/** True when the decision rests on no label or field, but on the lack of any. */
const isAbsence = (decidedBy: Cause): boolean => decidedBy === 'default' || decidedBy.path.length <= 1;

export default defineCheck({
  meta: {
    id: 'ENR-001',
    title: 'Workload is in no mesh',
    severity: 'medium',
    confidence: 'medium',
    examines: 'workloads that could be in a mesh',
    messages: {
      absent: 'Nothing enrols namespace {namespace}, so no mTLS, no policy and no log applies to {subjects}.',
      optedOut: 'Out of the mesh ({reason}): no mTLS, no policy and no log applies to {subjects}.',
    },
    remediation:
      'Label namespace {namespace} with istio-injection=enabled, istio.io/rev=<revision> or istio.io/dataplane-mode=ambient, and restart the pods.',
    controls: [
      'nist-800-207a/MON-CNA-REQ-1',
      'nist-800-207a/ID-SEG-REC-1',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/AC-25',
    ],
    aliases: ['IST0102', 'IST0103'],
    options: {
      outsideNamespaces: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        default: [],
        description: 'Namespaces whose workloads are meant to be in no mesh.',
      },
    },
  },
  subjects: workloads,
  judge: (workload, context, { outsideNamespaces }) => {
    if (machines.has(workload.kind))
      return notApplicable('a machine outside the cluster: its proxy is no manifest');
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    if (outsideNamespaces.includes(workload.namespace))
      return notApplicable('workload of a namespace that is meant to be in no mesh');
    if (workload.hostNetwork) return notApplicable('workload on the host network: another check judges it');
    const other = otherMesh(context.mesh, workload);
    if (other !== undefined) return notApplicable(`workload is in a mesh of ${other}`);
    return whenKnown(context.policies.enrolment(workload), ({ value: { dataPlane, reason }, decidedBy }) => {
      if (dataPlane !== 'none') return pass;
      const { namespace } = workload;
      const isBeside = namespace === context.mesh.settings.rootNamespace;
      const silent = context.policies.inboundPorts(workload).length === 0;
      const severity = silent || isBeside ? { severity: 'low' as const } : {};
      const at = decidedBy === 'default' ? placeOf(workload) : decidedBy;
      const cause = `namespace ${namespace} is not enrolled`;
      return isAbsence(decidedBy)
        ? fail({
            message: 'absent',
            at,
            cause,
            data: { namespace },
            ...(isBeside ? { remediation: beside } : {}),
            ...severity,
          })
        : fail({
            message: 'optedOut',
            at,
            data: { namespace, reason },
            remediation: wayIn(at, isBeside),
            ...severity,
          });
    });
  },
});
