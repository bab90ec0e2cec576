import {
  allOf,
  asksForStrict,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  selectsAll,
  setsTheSame,
  stringAt,
  unknown,
  whenKnown,
  workloadPeerAuthentications,
} from '#check';
import type { CheckContext, Resource, Workload } from '#check';

function judgeWorkload(policy: Resource, workload: Workload, { mesh, policies }: CheckContext) {
  const { winners, losers } = workloadPeerAuthentications(mesh, workload, policies.enrolment(workload));
  const rivals = winners.filter((winner) => winner !== policy);
  const [rival] = rivals;
  if (rival === undefined) return pass;
  const others = rivals.filter((one) => !setsTheSame(one, policy));
  const [other] = others;
  if (other === undefined) return pass;
  const isLost = losers.includes(policy);
  const severity = asksForStrict(policy) ? 'high' : 'medium';
  return fail({
    message: isLost ? ('lost' as const) : ('undecided' as const),
    at: { resource: policy, path: ['spec', 'selector'] },
    data: {
      policy: describe(mesh, policy),
      other: describe(mesh, other),
      workload: describe(mesh, workload.resource),
    },
    related: others.map((one) => ({
      at: { resource: one, path: ['spec'] },
      note: 'selects the same workload',
    })),
    severity,
  });
}

/** True for another policy of the same file: in files of their own they may be alternatives. */
const isBeside = (one: Resource, policy: Resource): boolean =>
  one !== policy && one.origin.file === policy.origin.file;

/** Policies of the same namespace for all of its workloads, where nothing tells which of them is the older one. */
function judgeWide(policy: Resource, { mesh }: CheckContext) {
  if (mesh.scope === 'complete') return notApplicable('of policies without selector the oldest is known');
  const namespace = mesh.namespaceOf(policy);
  const others = mesh
    .inNamespace('security.istio.io', 'PeerAuthentication', namespace)
    .filter((one) => isBeside(one, policy) && selectsAll(one) && !setsTheSame(one, policy));
  const dated = [policy, ...others].every(
    (one) => stringAt(one.object, 'metadata', 'creationTimestamp') !== undefined,
  );
  if (others.length === 0 || dated) return pass;
  return fail({
    message: 'wide',
    at: { resource: policy, path: ['spec'] },
    cause: `policies for all of ${namespace} in ${policy.origin.file}`,
    data: { policy: describe(mesh, policy), namespace },
    related: others.map((one) => ({
      at: { resource: one, path: ['spec'] },
      note: 'is for the same workloads',
    })),
    remediation: 'Keep one of {policy}, or select labels in all others.',
  });
}

export default defineCheck({
  meta: {
    id: 'MTLS-004',
    title: 'Two PeerAuthentications of one level',
    severity: 'high',
    confidence: 'high',
    examines: 'PeerAuthentications',
    messages: {
      lost: '{policy} does not count at {workload}: {other} selects it too and is older. Nothing of the younger one holds, its ports included.',
      undecided:
        '{policy} and {other} both select {workload}; only the older one counts, and nothing in the input says which that is.',
      wide: 'Of {policy}, each for all workloads of namespace {namespace}, only the oldest counts, and nothing in the input says which that is.',
    },
    remediation:
      'Put what {policy} and {other} say into one PeerAuthentication, or select other labels in one of them.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/CM-6',
      'nist-800-207a/ID-SEG-REC-1',
      'istio-best-practices/strict-mtls',
    ],
    aliases: ['KIA0002', 'KIA0003'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'PeerAuthentication'),
  judge: (policy, context) =>
    whenKnown(context.policies.selection(policy), ({ value: { scope, inert, workloads } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      if (scope !== 'workload-specific') return judgeWide(policy, context);
      if (workloads.length > 0) return allOf(workloads.map((one) => judgeWorkload(policy, one, context)));
      return context.mesh.scope === 'complete'
        ? notApplicable('policy reaches no workload')
        : unknown([{ key: 'workloads', text: `workloads that ${describe(context.mesh, policy)} selects` }]);
    }),
});
