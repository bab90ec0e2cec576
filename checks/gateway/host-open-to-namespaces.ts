import { defineCheck, describe, fail, gatewayServers, notApplicable, pass, stringAt } from '#check';
import type { GatewayServer } from '#check';

const anyHost = new Set(['*', '*/*']);

/** Hosts that routes of every namespace may serve. */
function openHosts({ api, hosts, resource, at }: GatewayServer): readonly string[] {
  if (api === 'gateway-api')
    return stringAt(resource.object, ...at.path, 'allowedRoutes', 'namespaces', 'from') === 'All'
      ? hosts
      : [];
  return hosts.filter((host) => !host.includes('/') || host.startsWith('*/'));
}

export default defineCheck({
  meta: {
    id: 'GW-030',
    title: 'Any namespace may publish the hosts of a gateway',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'servers of gateways with named hosts',
    messages: {
      open: '{gateway} takes routes for {hosts} on port {port} from every namespace.',
    },
    remediation:
      'Put the namespace that owns it before each host of {gateway} ({hosts}), as in hosts: ["shop/shop.example.com"] (Gateway API: allowedRoutes.namespaces.from: Same or Selector).',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-4', 'istio-best-practices/gateway-hosts'],
  },
  subjects: gatewayServers,
  judge: (server, { mesh }) => {
    if (server.tls === 'REDIRECT') return notApplicable('server only redirects to https');
    const hosts = openHosts(server).filter((host) => !anyHost.has(host));
    if (hosts.length === 0) return pass;
    return fail(
      ...hosts.map((host) => ({
        message: 'open' as const,
        at: server.at,
        like: `${server.resource.origin.file} ${describe(mesh, server.resource)}`,
        data: { gateway: describe(mesh, server.resource), port: server.port, hosts: host },
      })),
    );
  },
});
