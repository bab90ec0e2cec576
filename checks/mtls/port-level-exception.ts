import {
  allOf,
  apiServerCall,
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
import type { CheckContext, Mesh, Resource, Workload } from '#check';

const webhookRemediation =
  'Keep the exception of {policy} to port {port}, where {workload} should serve nothing but the webhook, and let only the API server reach it with a NetworkPolicy.';

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
      const inbound = policies.inboundPorts(workload).find(({ number }) => number === port);
      const call = inbound && apiServerCall(mesh, inbound);
      if (call === undefined) return fail({ message: 'exception', at: decidedBy, data });
      return fail({
        message: 'webhook',
        at: decidedBy,
        data: { ...data, webhook: describe(mesh, call.resource) },
        severity: 'low',
        related: [{ at: call, note: 'the API server calls the port' }],
        remediation: webhookRemediation,
      });
    });
  return whenKnown(policies.selection(policy), ({ value: { workloads, inert } }) => {
    if (workloads.length > 0)
      return allOf(workloads.map((one) => whetherEnrolledOrNot(one, context, () => judgeWorkload(one))));
    return mesh.scope === 'complete' || inert !== undefined
      ? notApplicable('policy reaches no workload')
      : judgeAlone(policy, port, context);
  });
}

const labelsOf = (policy: Resource): readonly string[] =>
  Object.entries(objectAt(policy.object, 'spec', 'selector', 'matchLabels') ?? {}).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : ''}`,
  );

/** Services that select what the policy does, by ports that may lead to one of the pods. */
function servicesAt(policy: Resource, port: number, { services, namespaceOf }: Mesh) {
  const labels = labelsOf(policy);
  return services
    .filter(({ namespace, selector }) => {
      const selected = new Set(Object.entries(selector).map(([key, value]) => `${key}=${value}`));
      return (
        namespace === namespaceOf(policy) && labels.length > 0 && labels.every((one) => selected.has(one))
      );
    })
    .flatMap((service) =>
      service.ports
        .filter(({ number, targetPort }) => typeof targetPort === 'string' || (targetPort ?? number) === port)
        .map(({ number }) => ({ service, port: number })),
    );
}

/** A policy whose workloads stand elsewhere. Webhooks have to be PERMISSIVE: their names are no proof, but a sign. */
function judgeAlone(policy: Resource, port: number, { mesh, policies }: CheckContext) {
  return whenKnown(policies.peerModeAlone(policy, port), ({ value: mode, decidedBy }) => {
    if (mode === undefined || decidedBy === 'default') return notApplicable('port has no mode of its own');
    if (mode === 'STRICT') return pass;
    const data = { policy: describe(mesh, policy), port, mode };
    const call = apiServerCall(mesh, { services: servicesAt(policy, port, mesh) });
    if (call !== undefined)
      return fail({
        message: 'webhook',
        at: decidedBy,
        data: { ...data, workload: 'the workloads it selects', webhook: describe(mesh, call.resource) },
        severity: 'low',
        related: [{ at: call, note: 'the API server calls the port' }],
        remediation: webhookRemediation,
      });
    const isForWebhook =
      mode === 'PERMISSIVE' && [policy.name, ...labelsOf(policy)].join(' ').includes('webhook');
    return fail({ message: 'alone', at: decidedBy, data, ...(isForWebhook ? { severity: 'medium' } : {}) });
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
      webhook:
        '{policy} sets port {port} to {mode}, which the API server needs for {webhook}: it is in no mesh. Everybody else can reach that port of {workload} without the mesh as well.',
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
