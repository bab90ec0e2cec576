import type { FieldRef } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { FilterChain, GatewayListener } from '#policy/gateway/filter-chain.js';
import type { GatewayListeners } from '#policy/gateway/gateway-listeners.js';
import type { HttpRoute, VirtualHost } from '#policy/gateway/http-route.js';
import type { MergedServer } from '#policy/gateway/merge-servers.js';
import type {
  ChainModel,
  ListenerModel,
  RouteConfigModel,
  RouteModel,
} from '#policy/filter-chain/envoy-model.js';
import type { VirtualHostModel } from '#policy/filter-chain/envoy-model.js';
import type { ChainTls } from '#policy/filter-chain/filter-chain.js';
import type { PortMap } from '#policy/filter-chain/patch/patch-routes.js';
import { httpChainFilters, tcpChainFilters } from './chain-filters.js';
import type { ProxyView } from './proxy.js';

const tlsOf: Readonly<Record<FilterChain['mode'], ChainTls>> = {
  PLAINTEXT: 'none',
  PASSTHROUGH: 'none',
  AUTO_PASSTHROUGH: 'none',
  SIMPLE: 'simple',
  MUTUAL: 'mutual',
  OPTIONAL_MUTUAL: 'other',
  ISTIO_MUTUAL: 'istio-mutual',
};

const actions = { redirect: 'REDIRECT', respond: 'DIRECT_RESPONSE', forward: 'ROUTE' } as const;

/** The match as Envoy's message says it, as far as paths go. */
function matchOf({ path: { kind, value } }: HttpRoute): Readonly<Record<string, string>> {
  const fields = {
    exact: 'path',
    prefix: 'prefix',
    segments: 'path_separated_prefix',
    regex: 'safe_regex',
  } as const;
  return { [fields[kind]]: value };
}

/** A rule's own name; those of the Gateway API are named after their place where they have none (convertHTTPRoute). */
function ruleName({ resource, path }: FieldRef): string {
  const written = stringAt(resource.object, ...path, 'name');
  if (resource.group !== 'gateway.networking.k8s.io') return written ?? '';
  return written ?? `${resource.namespace ?? 'default'}.${resource.name}.${path.at(-1) ?? 0}`;
}

/** The rule's name, and that of its match after it (translateRoute in pilot/pkg/networking/core/route/route.go). */
function routeName({ rule, at }: HttpRoute): string {
  const name = ruleName(rule);
  const ofMatch =
    at.path.length > rule.path.length ? stringAt(at.resource.object, ...at.path, 'name') : undefined;
  return ofMatch === undefined || ofMatch === '' ? name : `${name}.${ofMatch}`;
}

function routeOf(route: HttpRoute): RouteModel {
  return {
    config: { match: matchOf(route) },
    overrides: new Map(),
    name: routeName(route),
    action: actions[route.action.kind],
    by: undefined,
  };
}

function hostOf(host: VirtualHost, servers: readonly MergedServer[]): VirtualHostModel {
  const first = servers.find(({ server }) => server.at === host.servers[0]) ?? servers[0];
  return {
    config: {},
    overrides: new Map(),
    name: `${host.domain}:${first?.server.port ?? 0}`,
    domains: [host.domain],
    routes: host.routes.map(routeOf),
    by: undefined,
  };
}

function routesOf(hosts: readonly VirtualHost[], servers: readonly MergedServer[]): RouteConfigModel {
  const [first] = servers;
  const blackhole: VirtualHostModel = {
    config: {},
    overrides: new Map(),
    name: `blackhole:${first?.server.port ?? 0}`,
    domains: ['*'],
    routes: [],
    by: undefined,
  };
  return {
    config: {},
    overrides: new Map(),
    name: first?.routeName ?? '',
    virtualHosts: hosts.length === 0 ? [blackhole] : hosts.map((host) => hostOf(host, servers)),
    changed: false,
  };
}

function filtersOf(view: ProxyView, listener: GatewayListener, chain: FilterChain): ChainModel['filters'] {
  const { application, servers, mode } = chain;
  const [first] = servers;
  const protocol = first?.server.protocol ?? 'auto';
  if (application.kind === 'http') {
    const place = { listener: 'gateway', port: listener.port, protocol } as const;
    return httpChainFilters(view, place, routesOf(application.virtualHosts, servers));
  }
  const place = { listener: 'gateway', port: first?.server.port ?? listener.port, protocol } as const;
  const unguarded = { ...view, custom: { http: () => [], tcp: () => [], missing: [] }, rbacFilters: 0 };
  return tcpChainFilters(mode === 'AUTO_PASSTHROUGH' ? unguarded : view, place);
}

function chainOf(view: ProxyView, listener: GatewayListener, chain: FilterChain): ChainModel {
  const servers = chain.servers.map(({ server }) => ({ at: server.at, port: server.port }));
  return {
    name: '',
    match: {
      destinationPort: undefined,
      transportProtocol: '',
      applicationProtocols: chain.alpn,
      serverNames: chain.serverNames,
    },
    tls: tlsOf[chain.mode],
    filters: filtersOf(view, listener, chain),
    port: servers.length === 0 ? undefined : Math.min(...servers.map(({ port }) => port)),
    passthrough: false,
    servers,
    by: undefined,
    changed: false,
  };
}

/** The listeners of a gateway pod with their filters (buildGatewayListeners in pilot/pkg/networking/core/gateway.go). */
export function gatewayChains(view: ProxyView, { listeners }: GatewayListeners): readonly ListenerModel[] {
  return listeners.map((listener) => ({
    kind: 'gateway',
    name: `${listener.bind === '' ? '0.0.0.0' : listener.bind}_${listener.port}`,
    port: listener.port,
    chains: listener.chains.map((chain) => chainOf(view, listener, chain)),
    defaultChain: undefined,
    listenerFilters: [],
    by: undefined,
    changed: false,
    rejected: listener.rejected,
  }));
}

/** Ports of servers by the port in the name of their routes (getTargetPortMap in pilot/pkg/model/gateway.go). */
export function gatewayPortMap({ merged }: GatewayListeners): PortMap {
  const ports = new Map<number, Set<number>>();
  for (const [name, servers] of merged.byRoute) {
    const [kind, port = ''] = name.split('.');
    const number = kind === 'http' || kind === 'https' ? Number(port) : 0;
    const known = ports.get(number) ?? new Set();
    for (const { server } of servers) known.add(server.port);
    ports.set(number, known);
  }
  return ports;
}
