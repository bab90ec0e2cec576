import { defineCheck, describe, describePods, fail, gatewayServers, notApplicable, pass } from '#check';
import type { CheckContext, GatewayPods, GatewayServer } from '#check';

/** Servers for users on the same pods: they take clients that no mesh certificate identifies. */
function sharedWith(server: GatewayServer, { policies }: CheckContext) {
  const serves = (pods: GatewayPods, wanted: GatewayServer): boolean =>
    pods.gateways.some((config) => config.resource === wanted.resource);
  const pods = policies.gatewayPods().find((one) => serves(one, server));
  const other =
    pods &&
    policies.gatewayServers().find(({ tls, resource, api, port }) => {
      const isForUsers = tls === 'PLAINTEXT' || tls === 'SIMPLE' || tls === 'MUTUAL' || tls === 'REDIRECT';
      const isControlPlane = port >= 15000 && port < 16000;
      return (
        api === 'istio' &&
        isForUsers &&
        !isControlPlane &&
        pods.gateways.some((config) => config.resource === resource)
      );
    });
  return pods === undefined || other === undefined ? undefined : { pods, other };
}

export default defineCheck({
  meta: {
    id: 'GW-013',
    title: 'Gateway for users also passes mesh traffic through by SNI',
    severity: 'medium',
    confidence: 'medium',
    examines: 'gateway servers with AUTO_PASSTHROUGH',
    messages: {
      shared:
        '{gateway} lets clients on port {port} reach any service under {hosts} by its SNI name, past every route and policy of the gateway, and {pods} also serve users ({other}).',
    },
    remediation:
      'Serve the AUTO_PASSTHROUGH port {port} of {gateway} from an east-west gateway of its own that is not reachable by users, and limit hosts to the services that other clusters need.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-4', 'istio-best-practices/gateway-isolation'],
  },
  subjects: gatewayServers,
  judge: (server, context) => {
    if (server.tls !== 'AUTO_PASSTHROUGH') return notApplicable('server does not pass through by SNI');
    const shared = sharedWith(server, context);
    if (shared === undefined) return pass;
    return fail({
      message: 'shared',
      at: server.at,
      data: {
        gateway: describe(context.mesh, server.resource),
        port: server.port,
        hosts: server.hosts.join(', '),
        pods: describePods(context, shared.pods),
        other: describe(context.mesh, shared.other.resource),
      },
      related: [{ at: shared.other.at, note: 'a server for users on the same pods' }],
    });
  },
});
