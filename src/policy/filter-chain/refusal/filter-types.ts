import { envoyApi } from '#mesh/envoy-api.js';

/** Packages that only builds of Envoy with its `contrib` extensions have (contrib/envoy/extensions/filters). */
const contrib: ReadonlySet<string> = new Set([
  'envoy.extensions.filters.http.alpn.v3',
  'envoy.extensions.filters.http.checksum.v3alpha',
  'envoy.extensions.filters.http.dynamo.v3',
  'envoy.extensions.filters.http.golang.v3alpha',
  'envoy.extensions.filters.http.istio_stats.v3',
  'envoy.extensions.filters.http.language.v3alpha',
  'envoy.extensions.filters.http.peak_ewma.v3alpha',
  'envoy.extensions.filters.http.peer_metadata.v3',
  'envoy.extensions.filters.http.squash.v3',
  'envoy.extensions.filters.http.sxg.v3alpha',
  'envoy.extensions.filters.network.client_ssl_auth.v3',
  'envoy.extensions.filters.network.generic_proxy.codecs.kafka.v3',
  'envoy.extensions.filters.network.golang.v3alpha',
  'envoy.extensions.filters.network.kafka_broker.v3',
  'envoy.extensions.filters.network.kafka_mesh.v3alpha',
  'envoy.extensions.filters.network.metadata_exchange.v3',
  'envoy.extensions.filters.network.mysql_proxy.v3',
  'envoy.extensions.filters.network.postgres_proxy.v3alpha',
  'envoy.extensions.filters.network.rocketmq_proxy.v3',
  'envoy.extensions.filters.network.sip_proxy.v3alpha',
]);

/** Messages beside the configuration itself: settings of routes and parts. */
const besides = /(?:PerRoute|PerRouteConfig|CorsPolicy|RouterPlugin|ConfigsPerRoute)$/;

function packageOf(type: string): string {
  return type.slice(0, type.lastIndexOf('.'));
}

/** How Envoy's own build stands to a type: a filter of it, one of other builds only, of no build. */
export type TypeKnowledge = 'known' | 'other-builds' | 'unknown';

/** Whether Envoy knows a message as the configuration of an HTTP or network filter (source/extensions/extensions_metadata.yaml). */
export function knowledgeOf(type: string, chain: 'http' | 'network'): TypeKnowledge {
  if (!type.startsWith('envoy.')) return 'other-builds';
  const inPackage = packageOf(type);
  if (contrib.has(inPackage)) return 'other-builds';
  const known =
    inPackage.startsWith(`envoy.extensions.filters.${chain}.`) && envoyApi().fieldsOf(type) !== undefined;
  return known && !besides.test(type) ? 'known' : 'unknown';
}

/** Filters of Istio's own, which only its proxies have; no patch makes a listener with them fail. */
export function isIstioFilter(name: string): boolean {
  return name.startsWith('istio.') || name.startsWith('extensions.istio.io/');
}

/** Network filters that end a chain. */
const terminal: ReadonlySet<string> = new Set(
  [
    'http_connection_manager.v3.HttpConnectionManager',
    'tcp_proxy.v3.TcpProxy',
    'redis_proxy.v3.RedisProxy',
    'thrift_proxy.v3.ThriftProxy',
    'dubbo_proxy.v3.DubboProxy',
    'direct_response.v3.Config',
    'echo.v3.Echo',
    'generic_proxy.v3.GenericProxy',
  ].map((type) => `envoy.extensions.filters.network.${type}`),
);

/** True for a network filter after which there can be no other. */
export function endsChain(type: string | undefined): boolean {
  return type !== undefined && terminal.has(type);
}

/** The HTTP filter after which there can be no other. */
export const routerType = 'envoy.extensions.filters.http.router.v3.Router';
