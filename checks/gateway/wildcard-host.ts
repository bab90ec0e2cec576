import { defineCheck, describe, fail, gatewayServers, notApplicable, pass, stringAt, valueAt } from '#check';
import type { FieldRef, GatewayServer } from '#check';

const anyHost = new Set(['*', '*/*']);

/** A Gateway API listener without `allowedRoutes` takes routes of its own namespace only. */
const isLimitedToNamespace = ({ api, resource, at }: GatewayServer): boolean =>
  api === 'gateway-api' &&
  (stringAt(resource.object, ...at.path, 'allowedRoutes', 'namespaces', 'from') ?? 'Same') === 'Same';

const fieldOf = ({ resource, at }: GatewayServer, host: string): FieldRef => {
  const hosts = valueAt(resource.object, [...at.path, 'hosts']);
  const index = Array.isArray(hosts) ? hosts.indexOf(host) : -1;
  return index < 0 ? at : { resource, path: [...at.path, 'hosts', index] };
};

export default defineCheck({
  meta: {
    id: 'GW-002',
    title: 'Gateway accepts any host of any namespace',
    severity: 'medium',
    confidence: 'high',
    examines: 'servers of gateways',
    messages: {
      anyHost:
        '{gateway} accepts every host name on port {port}, so any namespace can publish any host through it.',
    },
    remediation:
      'On port {port} of {gateway} name the hosts that it serves, each with the namespace that may publish it (Istio Gateway: hosts: ["shop/shop.example.com"]; Gateway API: listener hostname and allowedRoutes).',
    controls: [
      'nist-800-53-r5/SC-7',
      'nist-800-53-r5/CM-7',
      'pci-dss-4.0.1/1.4.2',
      'istio-best-practices/gateway-hosts',
    ],
    aliases: ['snowcat/overly-broad-gateway-hosts'],
  },
  subjects: gatewayServers,
  judge: (server, { mesh }) => {
    if (server.tls === 'REDIRECT') return notApplicable('server only redirects to https');
    const host = server.hosts.find((name) => anyHost.has(name));
    if (host === undefined || isLimitedToNamespace(server)) return pass;
    return fail({
      message: 'anyHost',
      at: fieldOf(server, host),
      like: `${describe(mesh, server.resource)}:${String(server.port)}`,
      data: { gateway: describe(mesh, server.resource), port: server.port },
    });
  },
});
