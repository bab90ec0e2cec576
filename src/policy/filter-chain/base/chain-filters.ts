import { connectionManager, connectionManagerType, stockFilter } from '#policy/filter-chain/envoy-model.js';
import type { FilterModel, RouteConfigModel } from '#policy/filter-chain/envoy-model.js';
import { stockHttp, stockNetwork } from '#policy/filter-chain/stock-filters.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { PortProtocol } from '#mesh/mesh.js';
import type { ProxyView } from './proxy.js';
import { extensionFilters } from './traffic-extensions.js';
import type { ListenerClass } from './traffic-extensions.js';

/** Where a chain stands. */
export interface ChainPlace {
  readonly listener: ListenerClass;
  /** Port by which plugins choose. */
  readonly port: number;
  readonly protocol: PortProtocol;
}

function times(count: number, make: () => FilterModel): readonly FilterModel[] {
  return Array.from({ length: count }, make);
}

/** The HTTP filters of a chain in their order (buildHTTPConnectionManager in pilot/pkg/networking/core/listener_builder.go). */
function httpFilters(view: ProxyView, place: ChainPlace): FilterModel[] {
  const { mesh, custom, extensions } = view;
  const plugins = extensionFilters(extensions, { ...place, chain: 'http' });
  const guarded = place.listener !== 'outbound';
  const optional = (present: boolean, make: () => FilterModel): readonly FilterModel[] =>
    present ? [make()] : [];
  return [
    ...optional(istiodFlag(mesh, 'PILOT_ENABLE_METADATA_EXCHANGE', true), () =>
      stockHttp('metadataExchange'),
    ),
    ...(guarded ? custom.http() : []),
    ...plugins('AUTHN'),
    ...optional(guarded && view.readsTokens, () => stockHttp('jwt')),
    ...plugins('AUTHZ'),
    ...times(guarded ? view.rbacFilters : 0, () => stockHttp('rbac')),
    ...plugins('STATS'),
    ...plugins('UNSPECIFIED'),
    ...optional(place.protocol === 'GRPC-Web', () => stockHttp('grpcWeb')),
    stockHttp('grpcStats'),
    ...optional(place.listener !== 'inbound' && istiodFlag(mesh, 'PILOT_ENABLE_ALPN_FILTER', true), () =>
      stockHttp('alpn'),
    ),
    stockHttp('fault'),
    stockHttp('cors'),
    ...optional(view.hasStats, () => stockHttp('stats')),
    ...optional(
      place.listener !== 'inbound' && istiodFlag(mesh, 'PILOT_ENABLE_PERSISTENT_SESSION_FILTER', false),
      () => stockHttp('session'),
    ),
    stockHttp('router'),
  ];
}

function exchangesMetadata({ mesh }: ProxyView, { listener }: ChainPlace): boolean {
  return listener === 'inbound' && istiodFlag(mesh, 'PILOT_ENABLE_METADATA_EXCHANGE', true);
}

/** The network filters of a chain that reads HTTP (buildInboundNetworkFiltersForHTTP in listener_inbound.go). */
export function httpChainFilters(
  view: ProxyView,
  place: ChainPlace,
  routes: RouteConfigModel,
): FilterModel[] {
  const plugins = extensionFilters(view.extensions, { ...place, chain: 'network' });
  const http = { filters: httpFilters(view, place), routes };
  return [
    ...(exchangesMetadata(view, place) ? [stockNetwork('metadataExchange')] : []),
    ...plugins('AUTHN'),
    ...plugins('AUTHZ'),
    ...plugins('STATS'),
    ...plugins('UNSPECIFIED'),
    stockFilter(connectionManager, connectionManagerType, http),
  ];
}

/** The codec of a protocol that Istio knows, and what ends the chain (buildNetworkFiltersStack in networkfilter.go). */
function lastFilters({ mesh }: ProxyView, protocol: PortProtocol): readonly FilterModel[] {
  if (protocol === 'Mongo' && istiodFlag(mesh, 'PILOT_ENABLE_MONGO_FILTER', true))
    return [stockNetwork('mongo'), stockNetwork('tcpProxy')];
  if (protocol === 'MySQL' && istiodFlag(mesh, 'PILOT_ENABLE_MYSQL_FILTER', false))
    return [stockNetwork('mysql'), stockNetwork('tcpProxy')];
  if (protocol === 'Redis' && istiodFlag(mesh, 'PILOT_ENABLE_REDIS_FILTER', false))
    return [stockNetwork('redis')];
  return [stockNetwork('tcpProxy')];
}

/** The network filters of a chain that does not read HTTP (buildCompleteNetworkFilters in networkfilter.go). */
export function tcpChainFilters(view: ProxyView, place: ChainPlace): FilterModel[] {
  const plugins = extensionFilters(view.extensions, { ...place, chain: 'network' });
  const guarded = place.listener !== 'outbound';
  return [
    ...(exchangesMetadata(view, place) ? [stockNetwork('metadataExchange')] : []),
    ...(guarded ? view.custom.tcp() : []),
    ...plugins('AUTHN'),
    ...plugins('AUTHZ'),
    ...times(guarded ? view.rbacFilters : 0, () => stockNetwork('rbac')),
    ...plugins('STATS'),
    ...plugins('UNSPECIFIED'),
    ...(view.hasStats ? [stockNetwork('stats')] : []),
    ...lastFilters(view, place.protocol),
  ];
}
