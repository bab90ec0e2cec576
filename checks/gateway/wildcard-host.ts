import {
  defineCheck,
  describe,
  fail,
  gatewayServers,
  notApplicable,
  objectAt,
  pass,
  stringAt,
  valueAt,
} from '#check';
import type { FieldRef, GatewayServer } from '#check';

const anyHost = new Set(['*', '*/*']);

/** A Gateway API listener without `allowedRoutes` takes routes of its own namespace only; an empty selector picks all. */
function isLimitedToNamespaces({ api, resource, at }: GatewayServer): boolean {
  if (api !== 'gateway-api') return false;
  const namespaces = objectAt(resource.object, ...at.path, 'allowedRoutes', 'namespaces');
  const from = stringAt(namespaces, 'from') ?? 'Same';
  if (from !== 'Selector') return from !== 'All';
  const { matchLabels, matchExpressions } = objectAt(namespaces, 'selector') ?? {};
  return (
    Object.keys(objectAt(matchLabels) ?? {}).length > 0 ||
    (Array.isArray(matchExpressions) && matchExpressions.length > 0)
  );
}

const fieldOf = ({ resource, at }: GatewayServer, host: string): FieldRef => {
  const hosts = valueAt(resource.object, [...at.path, 'hosts']);
  const index = Array.isArray(hosts) ? hosts.indexOf(host) : -1;
  return index < 0 ? at : { resource, path: [...at.path, 'hosts', index] };
};

/** Plain TCP has no host names: only the namespace in front of them counts (buildGatewayNetworkFiltersFromTCPRoutes). */
const forTcp =
  'On port {port} of {gateway} name the namespace that may route it (Istio Gateway: hosts: ["shop/*"]; Gateway API: allowedRoutes.namespaces.from: Same or Selector).';

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
      anyRoute:
        '{gateway} takes TCP routes of every namespace on port {port}: the first one receives all its connections, whoever wrote it.',
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
    if (host === undefined || isLimitedToNamespaces(server)) return pass;
    const isTcp = server.protocol === 'TCP' && server.tls === 'PLAINTEXT';
    return fail({
      message: isTcp ? 'anyRoute' : 'anyHost',
      ...(isTcp ? { remediation: forTcp } : {}),
      at: fieldOf(server, host),
      like: `${describe(mesh, server.resource)}:${String(server.port)}`,
      data: { gateway: describe(mesh, server.resource), port: server.port },
    });
  },
});
