import { stringAt, stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment, GatewayServer } from '#policy/policies.js';
import { apiListeners } from './api-gateways.js';
import { istioGateways } from './istio-gateways.js';
import { minimumTls } from './minimum-tls.js';
import { redirectsOnly } from './redirecting-routes.js';
import { gatewayWorkloads, servedGateways } from './served-gateways.js';
import { isHttp } from './server.js';
import type { GatewayConfig, Server } from './server.js';

/** A protocol of the HTTP class is plaintext whatever its tls block says, httpsRedirect aside (pkg/config/gateway/gateway.go). */
function tlsOf(mesh: Mesh, { api, resource }: GatewayConfig, server: Server): GatewayServer['tls'] {
  const { tls, protocol, port, at } = server;
  if (!isHttp(protocol)) return tls?.mode ?? 'PLAINTEXT';
  if (tls?.httpsRedirect === true) return 'REDIRECT';
  const name = stringAt(resource.object, ...at.path, 'name') ?? '';
  const redirects = api === 'gateway-api' && redirectsOnly(mesh, resource, { name, port });
  return redirects ? 'REDIRECT' : 'PLAINTEXT';
}

type Described = Pick<GatewayServer, 'protocol' | 'hosts'> & { readonly written: string | undefined };

/** What people wrote, for them to find again. */
function asWritten({ api, resource }: GatewayConfig, { at }: Server): Described {
  const { object } = resource;
  if (api === 'gateway-api') {
    const hosts = [stringAt(object, ...at.path, 'hostname') ?? '*'];
    return { protocol: stringAt(object, ...at.path, 'protocol') ?? '', hosts, written: undefined };
  }
  return {
    protocol: stringAt(object, ...at.path, 'port', 'protocol') ?? '',
    hosts: stringsAt(object, ...at.path, 'hosts'),
    written: stringAt(object, ...at.path, 'tls', 'minProtocolVersion'),
  };
}

/** Gateway pods by configuration. */
function podsOf(mesh: Mesh, routers: readonly Workload[]): ReadonlyMap<GatewayConfig, readonly Workload[]> {
  const pods = new Map<GatewayConfig, Workload[]>();
  for (const workload of routers) {
    for (const config of servedGateways(mesh, workload)) getOrMake(pods, config, () => []).push(workload);
  }
  return pods;
}

/**
 * Every server of every Istio Gateway and every listener of the Gateway API's Gateways that istiod serves, as
 * written, with the pods of the input that serve it. Conflicts between servers of one port are not resolved here.
 */
export function gatewayServersOf(
  mesh: Mesh,
  enrolmentOf: (workload: Workload) => Decision<Enrolment>,
): readonly GatewayServer[] {
  const pods = podsOf(mesh, gatewayWorkloads(mesh, enrolmentOf));
  const configs = [...istioGateways(mesh), ...apiListeners(mesh).map(({ config }) => config)];
  return configs.flatMap((config) =>
    config.servers.map((server): GatewayServer => {
      const { protocol, hosts, written } = asWritten(config, server);
      const tls = tlsOf(mesh, config, server);
      return {
        resource: config.resource,
        at: server.at,
        api: config.api,
        port: server.port,
        protocol,
        hosts,
        tls,
        minTls: minimumTls(mesh, tls, written),
        workloads: pods.get(config) ?? [],
      };
    }),
  );
}
