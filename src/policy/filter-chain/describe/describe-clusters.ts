import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { ProxyCluster, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import type { ClusterModel } from '#policy/filter-chain/patch/patch-clusters.js';
import type { ProxyConfig } from '#policy/filter-chain/proxy-config.js';

function endpointOf(member: JsonValue): string | undefined {
  const address = objectAt(member, 'endpoint', 'address');
  const socket = objectAt(address, 'socket_address');
  if (socket !== undefined) {
    const port = valueAt(socket, ['port_value']);
    return `${stringAt(socket, 'address') ?? ''}:${typeof port === 'number' || typeof port === 'string' ? port : 0}`;
  }
  return stringAt(address, 'pipe', 'path');
}

function endpointsOf(config: JsonObject): readonly string[] {
  return listAt(config, 'load_assignment', 'endpoints')
    .flatMap((locality) => listAt(locality, 'lb_endpoints'))
    .map(endpointOf)
    .filter((endpoint) => endpoint !== undefined);
}

const protocolOptions = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

function speaksHttp2(config: JsonObject): boolean {
  if (isObject(config['http2_protocol_options'])) return true;
  const options = objectAt(config, 'typed_extension_protocol_options', protocolOptions);
  return (
    isObject(valueAt(options, ['explicit_http_config', 'http2_protocol_options'])) ||
    isObject(valueAt(options, ['use_downstream_protocol_config', 'http2_protocol_options'])) ||
    isObject(valueAt(options, ['auto_config']))
  );
}

const types: Readonly<Record<number, string>> = {
  0: 'STATIC',
  1: 'STRICT_DNS',
  2: 'LOGICAL_DNS',
  3: 'EDS',
  4: 'ORIGINAL_DST',
};

function typeOf(config: JsonObject): string {
  const written = valueAt(config, ['type']);
  if (typeof written === 'number') return types[written] ?? String(written);
  return typeof written === 'string' ? written : 'STATIC';
}

const ipAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\dA-Fa-f]*:[\dA-Fa-f:.]*)$/;

/** Why Envoy refuses a cluster that a patch added; undefined: it takes it, as far as looked at. */
function refusalOf(config: JsonObject): string | undefined {
  const addresses = listAt(config, 'load_assignment', 'endpoints')
    .flatMap((locality) => listAt(locality, 'lb_endpoints'))
    .map((member) => stringAt(member, 'endpoint', 'address', 'socket_address', 'address'));
  const named = addresses.find((address) => address !== undefined && !ipAddress.test(address));
  if (typeOf(config) === 'STATIC' && named !== undefined)
    return `malformed IP address: ${named}; a host name needs the type STRICT_DNS or LOGICAL_DNS`;
  if (stringAt(config, 'name') === undefined) return 'the cluster has no name';
  return undefined;
}

function describe({ name, config, origin, by }: ClusterModel, referenced: boolean): ProxyCluster {
  return {
    name,
    origin: origin === 'renamed' ? 'added' : origin,
    type: origin === 'renamed' && config['type'] === undefined ? undefined : typeOf(config),
    endpoints: endpointsOf(config),
    http2: speaksHttp2(config),
    tls: objectAt(config, 'transport_socket') !== undefined,
    referenced,
    at: by,
    refused: origin === 'added' ? refusalOf(config) : undefined,
  };
}

/** The clusters that patches brought or changed, and those that filters refer to. */
export function describeClusters(
  { clusters, hasCluster }: ProxyConfig,
  chains: readonly ProxyFilterChain[],
): readonly ProxyCluster[] {
  const filters = chains.flatMap(({ httpFilters, networkFilters }) => [...httpFilters, ...networkFilters]);
  const referenced = new Map(
    filters.flatMap(({ cluster, addedBy }) => (cluster === undefined ? [] : [[cluster, addedBy] as const])),
  );
  const own = [...clusters.values()].map((cluster) => describe(cluster, referenced.has(cluster.name)));
  const others = [...referenced].filter(([name]) => !clusters.has(name));
  return [
    ...own,
    ...others.map(([name, at]): ProxyCluster => {
      const origin = hasCluster(name) ? 'istio' : 'missing';
      const rest = {
        type: undefined,
        endpoints: [],
        http2: false,
        tls: false,
        referenced: true,
        refused: undefined,
      };
      return { name, origin, ...rest, at };
    }),
  ];
}
