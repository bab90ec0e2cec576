import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  unknown,
  valueAt,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

/** Kinds whose selection decides what they do; Gateway is judged by the gateway checks. */
const kinds: readonly (readonly [group: string, kind: string])[] = [
  ['security.istio.io', 'AuthorizationPolicy'],
  ['security.istio.io', 'PeerAuthentication'],
  ['security.istio.io', 'RequestAuthentication'],
  ['telemetry.istio.io', 'Telemetry'],
  ['networking.istio.io', 'Sidecar'],
  ['networking.istio.io', 'EnvoyFilter'],
  ['extensions.istio.io', 'WasmPlugin'],
];

/** Fields by which a policy selects, by kind and API version. */
const fields = ['targetRefs', 'targetRef', 'selector', 'workloadSelector'];

const policies = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap(([group, kind]) => resources(context, group, kind));

export default defineCheck({
  meta: {
    id: 'REF-001',
    title: 'Policy selects nothing',
    severity: 'medium',
    confidence: 'high',
    examines: 'policies with a selector or targetRefs',
    messages: {
      nothing: '{policy} selects no workload of the mesh: it does nothing.',
      inert: '{policy} has no effect: {reason}.',
    },
    remediation:
      'Correct the selector or targetRefs of {policy} so that it matches the labels of the pods it is meant for, in namespace {namespace}; or delete it.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['IST0127', 'IST0166', 'IST0167'],
  },
  subjects: policies,
  judge: (policy, { mesh, policies: { selection } }) =>
    whenKnown(selection(policy), ({ value: { inert, scope, targets, workloads } }) => {
      const data = { policy: describe(mesh, policy), namespace: mesh.namespaceOf(policy) };
      const field = fields.find((name) => valueAt(policy.object, ['spec', name]) !== undefined);
      const at = { resource: policy, path: ['spec', ...(field === undefined ? [] : [field])] };
      if (inert !== undefined) return fail({ message: 'inert', at, data: { ...data, reason: inert } });
      if (scope === 'mesh-wide' || scope === 'namespace-wide')
        return notApplicable(`policy is ${scope}: it reaches workloads that are added later`);
      if (workloads.length > 0 || targets.length > 0) return pass;
      return mesh.scope === 'complete'
        ? fail({ message: 'nothing', at, data })
        : unknown([{ key: 'workloads', text: `workloads of namespace ${data.namespace}` }]);
    }),
});
