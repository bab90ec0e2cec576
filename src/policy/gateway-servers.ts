import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { parseProtocol } from '#mesh/service-port-protocol.js';
import { stringMap } from '#mesh/string-map.js';
import type { Decision } from './decision.js';
import { gatewayApiServers } from './gateway-api-servers.js';
import { gatewayWorkloads, servingIstioGateway } from './gateway-workloads.js';
import { inboundProtocol } from './inbound-ports.js';
import { minimumTls } from './minimum-tls.js';
import type { Enrolment, GatewayServer } from './policies.js';

const modes: ReadonlySet<string> = new Set([
  'SIMPLE',
  'MUTUAL',
  'OPTIONAL_MUTUAL',
  'ISTIO_MUTUAL',
  'PASSTHROUGH',
  'AUTO_PASSTHROUGH',
]);

function isMode(mode: string): mode is GatewayServer['tls'] {
  return modes.has(mode);
}

/**
 * What a server does with TLS. A protocol of the HTTP class is plaintext whatever its tls block says, httpsRedirect
 * aside; elsewhere a block without mode means PASSTHROUGH, the enum's zero value (pkg/config/gateway/gateway.go,
 * pilot/pkg/networking/core/gateway.go, api networking/v1alpha3/gateway.proto).
 */
function tlsOf(server: JsonObject): GatewayServer['tls'] {
  const tls = objectAt(server, 'tls');
  const protocol = parseProtocol(stringAt(server, 'port', 'protocol') ?? '');
  const isHttp = protocol !== undefined && inboundProtocol(protocol) === 'HTTP';
  if (isHttp) return tls?.['httpsRedirect'] === true ? 'REDIRECT' : 'PLAINTEXT';
  if (tls === undefined) return 'PLAINTEXT';
  const mode = stringAt(tls, 'mode') ?? 'PASSTHROUGH';
  return isMode(mode) ? mode : 'PASSTHROUGH';
}

interface Place {
  readonly mesh: Mesh;
  readonly gateway: Resource;
  readonly workloads: readonly Workload[];
}

function serverOf(
  { mesh, gateway, workloads }: Place,
  value: JsonValue,
  path: FieldPath,
): GatewayServer | undefined {
  const port = valueAt(value, ['port', 'number']);
  if (!isObject(value) || typeof port !== 'number') return undefined;
  const tls = tlsOf(value);
  return {
    resource: gateway,
    at: { resource: gateway, path },
    api: 'istio',
    port,
    protocol: stringAt(value, 'port', 'protocol') ?? '',
    hosts: stringsAt(value, 'hosts'),
    tls,
    minTls: minimumTls(mesh, tls, stringAt(value, 'tls', 'minProtocolVersion')),
    workloads,
  };
}

function istioServers(mesh: Mesh, routers: readonly Workload[]): readonly GatewayServer[] {
  return mesh.ofKind('networking.istio.io', 'Gateway').flatMap((gateway) => {
    const selector = stringMap(objectAt(gateway.object, 'spec', 'selector'));
    const workloads = servingIstioGateway(mesh, { resource: gateway, selector }, routers);
    const servers = listAt(gateway.object, 'spec', 'servers').map((server, index) =>
      serverOf({ mesh, gateway, workloads }, server, ['spec', 'servers', index]),
    );
    return servers.filter((server) => server !== undefined);
  });
}

/**
 * Every server of every Istio Gateway and every listener of the Gateway API's Gateways that istiod serves, as
 * written, with the pods of the input that serve it. Conflicts between servers of one port are not resolved here.
 */
export function gatewayServersOf(
  mesh: Mesh,
  enrolmentOf: (workload: Workload) => Decision<Enrolment>,
): readonly GatewayServer[] {
  const routers = gatewayWorkloads(mesh, enrolmentOf);
  return [...istioServers(mesh, routers), ...gatewayApiServers(mesh, routers)];
}
