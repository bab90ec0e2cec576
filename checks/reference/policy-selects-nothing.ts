import {
  defineCheck,
  describe,
  fail,
  gatewaysElsewhere,
  notApplicable,
  objectAt,
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
  ['extensions.istio.io', 'TrafficExtension'],
  ['networking.istio.io', 'ProxyConfig'],
];

/** Kinds whose policies for a gateway elsewhere have a check of their own (AUTHZ-025). */
const hasGatewayCheck: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'RequestAuthentication']);

/** Fields by which a policy selects, by kind and API version. */
const fields = ['targetRefs', 'targetRef', 'selector', 'workloadSelector'];

const policies = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap(([group, kind]) => resources(context, group, kind));

/** A gateway of another namespace that carries the labels: policies there select their own namespace's pods only. */
function gatewayElsewhere(policy: Resource, { mesh, policies: { gatewayPods } }: CheckContext) {
  const { object } = policy;
  const labels =
    objectAt(object, 'spec', 'selector', 'matchLabels') ??
    objectAt(object, 'spec', 'workloadSelector', 'labels');
  const pairs = Object.entries(labels ?? {});
  if (pairs.length === 0) return undefined;
  return gatewayPods().find(
    ({ selectedBy, workload }) =>
      selectedBy === undefined &&
      workload.namespace !== mesh.namespaceOf(policy) &&
      pairs.every(([key, value]) => Object.hasOwn(workload.labels, key) && workload.labels[key] === value),
  )?.workload;
}

export default defineCheck({
  meta: {
    id: 'REF-001',
    title: 'Policy selects nothing',
    severity: 'medium',
    confidence: 'high',
    examines: 'policies with a selector or targetRefs',
    messages: {
      nothing: '{policy} selects no workload of the mesh: it does nothing.',
      elsewhere:
        '{policy} selects the labels of the gateway {workload}, but reaches pods of namespace {namespace} only: it does nothing there.',
      inert: '{policy} has no effect: {reason}.',
    },
    remediation:
      'Correct the selector or targetRefs of {policy} so that it matches the labels of the pods it is meant for, in namespace {namespace}; or delete it.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['IST0127', 'IST0166', 'IST0167'],
  },
  subjects: policies,
  judge: (policy, context) =>
    whenKnown(context.policies.selection(policy), ({ value: { inert, scope, targets, workloads } }) => {
      const { mesh } = context;
      const data = { policy: describe(mesh, policy), namespace: mesh.namespaceOf(policy) };
      const field = fields.find((name) => valueAt(policy.object, ['spec', name]) !== undefined);
      const at = { resource: policy, path: ['spec', ...(field === undefined ? [] : [field])] };
      if (inert !== undefined) return fail({ message: 'inert', at, data: { ...data, reason: inert } });
      if (scope === 'mesh-wide' || scope === 'namespace-wide')
        return notApplicable(`policy is ${scope}: it reaches workloads that are added later`);
      if (workloads.length > 0 || targets.length > 0) return pass;
      if (hasGatewayCheck.has(policy.kind) && gatewaysElsewhere(policy, context).length > 0)
        return notApplicable('policy is for a gateway of another namespace: that is a check of its own');
      const gateway = gatewayElsewhere(policy, context);
      if (mesh.scope === 'complete' && gateway !== undefined)
        return fail({
          message: 'elsewhere',
          at,
          data: { ...data, workload: gateway.id },
          remediation: `Move {policy} into namespace ${gateway.namespace}, where the pods of the gateway are.`,
        });
      return mesh.scope === 'complete'
        ? fail({ message: 'nothing', at, data })
        : unknown([{ key: 'workloads', text: `workloads of namespace ${data.namespace}` }]);
    }),
});
