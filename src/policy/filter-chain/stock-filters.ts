import { stockFilter } from './envoy-model.js';
import type { FilterModel } from './envoy-model.js';

const filters = 'envoy.extensions.filters';

/** Istio's own filters are sent as TypedStructs (pilot/pkg/xds/filters/filters.go). */
const typedStruct = 'udpa.type.v1.TypedStruct';

const http = {
  metadataExchange: ['istio.metadata_exchange', typedStruct],
  jwt: ['envoy.filters.http.jwt_authn', `${filters}.http.jwt_authn.v3.JwtAuthentication`],
  rbac: ['envoy.filters.http.rbac', `${filters}.http.rbac.v3.RBAC`],
  grpcWeb: ['envoy.filters.http.grpc_web', `${filters}.http.grpc_web.v3.GrpcWeb`],
  grpcStats: ['envoy.filters.http.grpc_stats', `${filters}.http.grpc_stats.v3.FilterConfig`],
  alpn: ['istio.alpn', 'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig'],
  fault: ['envoy.filters.http.fault', `${filters}.http.fault.v3.HTTPFault`],
  cors: ['envoy.filters.http.cors', `${filters}.http.cors.v3.Cors`],
  stats: ['istio.stats', typedStruct],
  session: ['envoy.filters.http.stateful_session', `${filters}.http.stateful_session.v3.StatefulSession`],
  router: ['envoy.filters.http.router', `${filters}.http.router.v3.Router`],
} as const;

const network = {
  metadataExchange: ['istio.metadata_exchange', 'envoy.tcp.metadataexchange.config.MetadataExchange'],
  rbac: ['envoy.filters.network.rbac', `${filters}.network.rbac.v3.RBAC`],
  stats: ['istio.stats', typedStruct],
  tcpProxy: ['envoy.filters.network.tcp_proxy', `${filters}.network.tcp_proxy.v3.TcpProxy`],
  mongo: ['envoy.filters.network.mongo_proxy', `${filters}.network.mongo_proxy.v3.MongoProxy`],
  mysql: ['envoy.filters.network.mysql_proxy', `${filters}.network.mysql_proxy.v3.MySQLProxy`],
  redis: ['envoy.filters.network.redis_proxy', `${filters}.network.redis_proxy.v3.RedisProxy`],
} as const;

/** An HTTP filter that istiod sends by itself. */
export function stockHttp(key: keyof typeof http): FilterModel {
  const [name, type] = http[key];
  return stockFilter(name, type);
}

/** A network filter that istiod sends by itself. */
export function stockNetwork(key: keyof typeof network): FilterModel {
  const [name, type] = network[key];
  return stockFilter(name, type);
}
