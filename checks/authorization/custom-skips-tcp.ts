import {
  actionOf,
  allOf,
  defineCheck,
  describe,
  externalAuthorizer,
  fail,
  judgeReachedPorts,
  notApplicable,
  pass,
  resources,
  servicesElsewhere,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, GatewayServer, Resource } from '#check';

const opaque = new Set(['TCP', 'MONGO', 'MYSQL', 'REDIS']);

const isOpaque = ({ tls, protocol }: GatewayServer): boolean =>
  tls === 'PASSTHROUGH' || opaque.has(protocol.toUpperCase());

/** Servers of the gateways that a policy reaches whose bytes are not read as HTTP. */
function judgeGateways(policy: Resource, provider: string, { mesh, policies }: CheckContext) {
  return whenKnown(policies.selection(policy), ({ value: { inert, workloads } }) => {
    const servers = policies
      .gatewayServers()
      .filter((server) => server.workloads.some((workload) => workloads.includes(workload)));
    if (inert !== undefined || servers.length === 0) return notApplicable('policy reaches no gateway');
    const unasked = servers.filter(isOpaque);
    if (unasked.length === 0) return pass;
    return fail(
      ...unasked.map(({ resource, port }) => ({
        message: 'skipped' as const,
        at: { resource: policy, path: ['spec', 'provider', 'name'] },
        data: { provider, policy: describe(mesh, policy), port, workload: describe(mesh, resource) },
      })),
    );
  });
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-028',
    title: 'External authorizer is not asked on TCP ports',
    severity: 'medium',
    confidence: 'high',
    examines: 'CUSTOM policies',
    messages: {
      skipped:
        'Provider {provider} of {policy} speaks HTTP and is asked about HTTP only: port {port} of {workload}, which is TCP, is reached unchecked.',
    },
    remediation:
      'Add an ALLOW policy by principals and ports for port {port} of {workload}, or use a gRPC authorizer (envoyExtAuthzGrpc), which is asked about connections too.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-25', 'pci-dss-4.0.1/7.3.1'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const { mesh } = context;
    if (actionOf(policy) !== 'CUSTOM') return notApplicable('action is not CUSTOM');
    const provider = stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
    const resolved = externalAuthorizer(mesh, provider);
    if (resolved.state === 'unknown') return unknown([resolved.missing]);
    if (resolved.state === 'broken') return notApplicable('provider can not be used');
    if (resolved.authorizer.protocol === 'grpc') return pass;
    const atPods = judgeReachedPorts(policy, context, ({ workload, port, dataPlane }) => {
      if (dataPlane === 'ambient') return notApplicable('CUSTOM does nothing in ambient mode');
      if (port.protocol !== 'TCP') return servicesElsewhere(mesh, [port]) ?? pass;
      return fail({
        message: 'skipped',
        at: { resource: policy, path: ['spec', 'provider', 'name'] },
        data: {
          provider,
          policy: describe(mesh, policy),
          port: port.number,
          workload: describe(mesh, workload.resource),
        },
      });
    });
    return allOf([atPods, judgeGateways(policy, provider, context)]);
  },
});
