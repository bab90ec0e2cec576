import { stringAt } from '#documents/json.js';
import { interceptionOf } from '#policy/interception.js';
import { anyMatch, virtualOutbound } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, FilterModel, ListenerModel } from '#policy/filter-chain/envoy-model.js';
import type { RouteConfigModel, VirtualHostModel } from '#policy/filter-chain/envoy-model.js';
import type { ChainMatch } from '#policy/filter-chain/filter-chain.js';
import { stockNetwork } from '#policy/filter-chain/stock-filters.js';
import { httpChainFilters, tcpChainFilters } from './chain-filters.js';
import type { OutboundPort } from './destinations.js';
import type { ProxyView } from './proxy.js';

const plaintextHttp: ChainMatch = {
  ...anyMatch,
  transportProtocol: 'raw_buffer',
  applicationProtocols: ['http/1.1', 'h2c'],
};

function chain(name: string, match: ChainMatch, filters: FilterModel[]): ChainModel {
  const rest = {
    tls: 'none',
    port: undefined,
    passthrough: false,
    servers: [],
    by: undefined,
    changed: false,
  } as const;
  return { name, match, filters, ...rest };
}

function hostOf(name: string, domains: readonly string[]): VirtualHostModel {
  const route = {
    config: { match: { prefix: '/' } },
    overrides: new Map(),
    name: 'default',
    action: 'ROUTE',
    by: undefined,
  } as const;
  return { config: {}, overrides: new Map(), name, domains, routes: [route], by: undefined };
}

/** Routes by port for all hosts of it; a listener of one service has routes of its own (buildSidecarOutboundHTTPRouteConfig). */
function routesOf({ mesh }: ProxyView, { bind, port, hosts }: OutboundPort): RouteConfigModel {
  const shared = bind === '0.0.0.0';
  const open = stringAt(mesh.settings.config, 'outboundTrafficPolicy', 'mode') !== 'REGISTRY_ONLY';
  const known = hosts.map((host) => hostOf(`${host}:${port}`, [host]));
  const rest = hostOf(open ? 'allow_any' : 'block_all', ['*']);
  return {
    config: {},
    overrides: new Map(),
    name: shared ? String(port) : `${hosts[0] ?? ''}:${port}`,
    virtualHosts: shared ? [...known, rest] : known,
    changed: false,
  };
}

function listener(name: string, port: number, chains: readonly ChainModel[]): ListenerModel {
  return {
    kind: 'outbound',
    name,
    port,
    chains: [...chains],
    defaultChain: undefined,
    listenerFilters: [],
    by: undefined,
    changed: false,
    rejected: undefined,
  };
}

/** What of the outbound listeners can be touched at all; the rest is not built. */
export interface OutboundNeeds {
  readonly tcp: boolean;
  readonly routes: boolean;
}

const noRoutes = (): RouteConfigModel => ({
  config: {},
  overrides: new Map(),
  name: '',
  virtualHosts: [],
  changed: false,
});

/** Of HTTP and TCP the latter takes what the former does not; without it such traffic passes unread (buildListenerFromEntry). */
function portListener(view: ProxyView, outbound: OutboundPort, needs: OutboundNeeds): ListenerModel {
  const { bind, port, http, tcp } = outbound;
  const place = { listener: 'outbound', port, protocol: 'TCP' } as const;
  const stream = tcp ? chain('', anyMatch, tcpChainFilters(view, place)) : undefined;
  if (!http) return listener(`${bind}_${port}`, port, stream === undefined ? [] : [stream]);
  const own = chain(
    '',
    plaintextHttp,
    httpChainFilters(view, place, needs.routes ? routesOf(view, outbound) : noRoutes()),
  );
  const bare = { ...view, extensions: [] };
  const fallthrough = chain('PassthroughFilterChain', anyMatch, tcpChainFilters(bare, place));
  return { ...listener(`${bind}_${port}`, port, [own]), defaultChain: stream ?? fallthrough };
}

/** What takes redirected traffic that no other listener stands for (buildVirtualOutboundListener in listener_builder.go). */
function catchAllListener({ hasStats }: ProxyView): ListenerModel {
  const filters = (): FilterModel[] => [
    ...(hasStats ? [stockNetwork('stats')] : []),
    stockNetwork('tcpProxy'),
  ];
  return listener(virtualOutbound, 15_001, [
    chain('virtualOutbound-blackhole', { ...anyMatch, destinationPort: 15_001 }, filters()),
    chain('virtualOutbound-catchall-tcp', anyMatch, filters()),
  ]);
}

/** The listeners through which a sidecar sends. */
export function outboundListeners(
  view: ProxyView,
  ports: readonly OutboundPort[],
  needs: OutboundNeeds,
): readonly ListenerModel[] {
  const redirected = interceptionOf(view.mesh, view.workload).mode !== 'NONE';
  return [
    ...(redirected ? [catchAllListener(view)] : []),
    ...ports.filter(({ http }) => http || needs.tcp).map((port) => portListener(view, port, needs)),
  ];
}
