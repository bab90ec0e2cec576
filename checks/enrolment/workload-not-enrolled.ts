import {
  addonReason,
  defineCheck,
  describe,
  enrolsAny,
  fail,
  isAbsence,
  isOutsideByNature,
  notApplicable,
  otherMesh,
  ownPolicyOf,
  pass,
  placeOf,
  unknown,
  wayIn,
  whenKnown,
  workloads,
} from '#check';
import type { Cause, CheckContext, Resource, Verdict, Workload } from '#check';

const machines = new Set(['WorkloadEntry', 'WorkloadGroup']);

/** How a workload is out of the mesh. */
interface Outside {
  readonly workload: Workload;
  readonly reason: string;
  readonly decidedBy: Cause;
  readonly policy: Resource | undefined;
}

type Judged = Verdict<'absent' | 'unlabelled' | 'running' | 'optedOut' | 'void' | 'addon'>;

/** Nothing says that the workload is to be in the mesh: what is out by itself, or by mistake. */
function judgeAbsence({ workload, decidedBy, policy }: Outside, { mesh, policies }: CheckContext): Judged {
  const { namespace } = workload;
  const at = decidedBy === 'default' ? placeOf(workload) : decidedBy;
  const isElsewhere = mesh.scope === 'partial' && !enrolsAny(policies);
  if (policy === undefined && isElsewhere)
    return unknown([
      {
        key: 'namespace-labels',
        text: `what enrols namespace ${namespace}, for no manifest enrols anything`,
      },
    ]);
  if (policy === undefined) {
    const isSilent = policies.inboundPorts(workload).length === 0;
    const cause = `namespace ${namespace} is not enrolled`;
    return fail({
      message: 'absent',
      at,
      cause,
      data: { namespace },
      ...(isSilent ? { severity: 'low' } : {}),
    });
  }
  const data = { namespace, policy: describe(mesh, policy), reason: `nothing enrols namespace ${namespace}` };
  return isElsewhere
    ? fail({ message: 'unlabelled', at, like: 'unlabelled', data, severity: 'low' })
    : fail({ message: 'void', at, cause: `policies of ${namespace} are void`, data });
}

/** Somebody has decided that the workload is not to be in the mesh, or its pods run without. */
function judgeChoice(
  { workload, reason, decidedBy, policy }: Outside,
  { mesh, policies }: CheckContext,
): Judged {
  const at = decidedBy === 'default' ? placeOf(workload) : decidedBy;
  const data = { namespace: workload.namespace, reason };
  const remediation = wayIn(at);
  if (policy !== undefined)
    return fail({ message: 'void', at, data: { ...data, policy: describe(mesh, policy) }, remediation });
  const isRunning = at.path.at(-1) === 'containers';
  if (!isRunning) return fail({ message: 'optedOut', at, data, remediation, severity: 'low' });
  const isElsewhere = mesh.scope === 'partial' && !enrolsAny(policies);
  return fail({ message: 'running', at, data, remediation, ...(isElsewhere ? { severity: 'low' } : {}) });
}

function judgeOutside(outside: Outside, context: CheckContext): Judged {
  const { mesh, policies } = context;
  const { workload, decidedBy } = outside;
  const why = addonReason(mesh, workload, policies.inboundPorts(workload));
  if (outside.policy === undefined && why !== undefined)
    return fail({
      message: 'addon',
      at: decidedBy === 'default' ? placeOf(workload) : decidedBy,
      like: 'addon',
      data: { why, namespace: workload.namespace },
      severity: 'info',
      remediation:
        'Where this is meant nothing has to change: limit with NetworkPolicies who reaches {subjects}, or name the namespaces in the option outsideNamespaces of this check.',
    });
  return isAbsence(decidedBy) ? judgeAbsence(outside, context) : judgeChoice(outside, context);
}

export default defineCheck({
  meta: {
    id: 'ENR-001',
    title: 'Workload is in no mesh',
    severity: 'medium',
    confidence: 'medium',
    examines: 'workloads that could be in a mesh',
    messages: {
      absent: 'Nothing enrols namespace {namespace}, so no mTLS, no policy and no log applies to {subjects}.',
      unlabelled:
        'No manifest enrols namespace {namespace}, though it has {policy} for {subjects}: unless something else sets the label, no mTLS, no policy and no log applies there.',
      running: 'Out of the mesh ({reason}): no mTLS, no policy and no log applies to {subjects}.',
      optedOut: 'Kept out of the mesh ({reason}): no mTLS, no policy and no log applies to {subjects}.',
      void: 'Out of the mesh ({reason}): nothing of {policy} holds at {subjects}.',
      addon: 'Outside of the mesh, as what looks after a cluster often is: {subjects} ({why}).',
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
      return judgeOutside(
        { workload, reason, decidedBy, policy: ownPolicyOf(context.policies, workload) },
        context,
      );
    });
  },
});
