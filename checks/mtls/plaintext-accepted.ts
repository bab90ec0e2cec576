import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  placeOf,
  policiesAlone,
  whenKnown,
  whetherEnrolledOrNot,
  workloads,
} from '#check';
import type { CheckContext, PolicyAlone, Subject, Workload } from '#check';

type Judged = { readonly workload: Workload } | { readonly alone: PolicyAlone };

/** Workloads, and policies without selector whose workloads stand elsewhere. */
function subjects(context: CheckContext): readonly Subject<Judged>[] {
  const wide = policiesAlone(context, 'security.istio.io', 'PeerAuthentication').filter(
    ({ value: { scope } }) => scope !== 'workload-specific',
  );
  return [
    ...workloads(context).map(({ ref, value }) => ({ ref, value: { workload: value } })),
    ...wide.map(({ ref, value }) => ({ ref, value: { alone: value } })),
  ];
}

function judgePort(workload: Workload, port: number, { mesh, policies }: CheckContext) {
  return whenKnown(policies.peerMtls(workload, port), ({ value: mode, decidedBy }) => {
    if (mode === 'STRICT') return pass;
    const data = { port, mode, namespace: workload.namespace, root: mesh.settings.rootNamespace };
    if (decidedBy === 'default')
      return fail({ message: 'default', at: placeOf(workload), cause: 'no mode set', data });
    const { resource } = decidedBy;
    if (resource.kind !== 'PeerAuthentication') return notApplicable('traffic does not pass the proxy');
    return whenKnown(policies.selection(resource), ({ value: { scope } }) =>
      scope === 'workload-specific'
        ? notApplicable('a workload-specific PeerAuthentication decides')
        : fail({ message: 'policy', at: decidedBy, data: { ...data, policy: describe(mesh, resource) } }),
    );
  });
}

function judgeWorkload(workload: Workload, context: CheckContext) {
  return whetherEnrolledOrNot(workload, context, () => {
    const ports = context.policies.inboundPorts(workload);
    return ports.length === 0
      ? notApplicable('workload declares no port')
      : allOf(ports.map(({ number }) => judgePort(workload, number, context)));
  });
}

function judgeAlone({ policy, scope }: PolicyAlone, { mesh, policies }: CheckContext) {
  return whenKnown(policies.peerModeAlone(policy, '*'), ({ value: mode, decidedBy }) => {
    if (mode === undefined || decidedBy === 'default') return notApplicable('policy sets no mode');
    if (mode === 'STRICT') return pass;
    const namespace = mesh.namespaceOf(policy);
    const data = {
      policy: describe(mesh, policy),
      mode,
      reach: scope === 'mesh-wide' ? 'the mesh' : `namespace ${namespace}`,
      namespace,
      root: mesh.settings.rootNamespace,
    };
    return fail({ message: 'alone', at: decidedBy, data });
  });
}

export default defineCheck({
  meta: {
    id: 'MTLS-001',
    title: 'Workload accepts plaintext traffic',
    severity: 'high',
    confidence: 'high',
    examines: 'enrolled workloads with ports',
    messages: {
      default:
        'No PeerAuthentication sets a mode, so PERMISSIVE holds: {subjects} can be called in plaintext (port {port}).',
      policy: '{policy} sets {mode}: {subjects} can be called in plaintext (port {port}).',
      alone:
        '{policy} sets {mode}: workloads of {reach} can be called in plaintext, unless a narrower policy is STRICT.',
    },
    remediation:
      'Set spec.mtls.mode to STRICT in the PeerAuthentication without selector of namespace {root} (whole mesh) or {namespace} (that namespace alone).',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-207a/ID-SEG-REC-1',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/2.2.7',
      'istio-best-practices/strict-mtls',
    ],
    aliases: ['prisma/450'],
  },
  subjects,
  judge: (subject, context) =>
    'workload' in subject ? judgeWorkload(subject.workload, context) : judgeAlone(subject.alone, context),
});
