import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  objectAt,
  pass,
  resources,
  whenKnown,
  whetherEnrolledOrNot,
} from '#check';
import type { CheckContext, Resource, Workload } from '#check';

function judgePort(policy: Resource, port: number, context: CheckContext) {
  const { mesh, policies } = context;
  const judgeWorkload = (workload: Workload) =>
    whenKnown(policies.peerMtls(workload, port), ({ value: mode, decidedBy }) => {
      if (decidedBy === 'default' || decidedBy.resource !== policy)
        return notApplicable('another policy decides');
      if (mode === 'STRICT') return pass;
      const data = {
        policy: describe(mesh, policy),
        port,
        mode,
        workload: describe(mesh, workload.resource),
      };
      return fail({ message: 'exception', at: decidedBy, data });
    });
  return whenKnown(policies.selection(policy), ({ value: { workloads, inert } }) => {
    if (workloads.length > 0)
      return allOf(workloads.map((one) => whetherEnrolledOrNot(one, context, () => judgeWorkload(one))));
    return mesh.scope === 'complete' || inert !== undefined
      ? notApplicable('policy reaches no workload')
      : judgeAlone(policy, port, context);
  });
}

function judgeAlone(policy: Resource, port: number, { mesh, policies }: CheckContext) {
  return whenKnown(policies.peerModeAlone(policy, port), ({ value: mode, decidedBy }) => {
    if (mode === undefined || decidedBy === 'default') return notApplicable('port has no mode of its own');
    if (mode === 'STRICT') return pass;
    const data = { policy: describe(mesh, policy), port, mode };
    return fail({ message: 'alone', at: decidedBy, data });
  });
}

export default defineCheck({
  meta: {
    id: 'MTLS-002',
    title: 'Port-level exception accepts plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'PeerAuthentications with portLevelMtls',
    messages: {
      exception: '{policy} sets port {port} to {mode}: that port of {workload} accepts plaintext.',
      alone: '{policy} sets port {port} to {mode}: that port of the workloads it selects accepts plaintext.',
    },
    remediation:
      'Remove port {port} from spec.portLevelMtls of {policy}, or set its mode to STRICT once the clients of the port are in the mesh.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/AC-14',
      'nist-800-207a/ID-SEG-REC-1',
      'istio-best-practices/strict-mtls',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'PeerAuthentication'),
  judge: (policy, context) => {
    const ports = Object.keys(objectAt(policy.object, 'spec', 'portLevelMtls') ?? {}).map(Number);
    if (ports.length === 0) return notApplicable('policy has no portLevelMtls');
    return allOf(ports.filter(Number.isInteger).map((port) => judgePort(policy, port, context)));
  },
});
