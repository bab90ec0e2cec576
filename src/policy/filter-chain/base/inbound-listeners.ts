import { inboundProtocol } from '#policy/inbound-ports.js';
import { interceptionOf } from '#policy/interception.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { anyMatch, virtualInbound } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, ListenerModel, RouteConfigModel } from '#policy/filter-chain/envoy-model.js';
import { stockNetwork } from '#policy/filter-chain/stock-filters.js';
import { httpChainFilters, tcpChainFilters } from './chain-filters.js';
import { matchOptions, ownTlsOption } from './match-options.js';
import type { MatchOption } from './match-options.js';
import { chainConfigs, passthroughPorts } from './inbound-chain-configs.js';
import type { InboundChains, InboundView } from './inbound-chain-configs.js';

const catchAll = 'virtualInbound-catchall-http';

/** Name of the chain that nothing comes to. */
export const ownPortChainName = 'virtualInbound-blackhole';

function chainName({ passthrough, bind, targetPort }: InboundChains, option: MatchOption): string {
  if (passthrough) return option.protocol === 'http' ? catchAll : virtualInbound;
  return `${bind}_${targetPort}`;
}

/** The one virtual host of an inbound port (buildSidecarInboundHTTPRouteConfig in pilot/pkg/networking/core/httproute.go). */
function inboundRoutes({ passthrough, targetPort, servicePort }: InboundChains): RouteConfigModel {
  const route = {
    config: { match: { prefix: '/' } },
    overrides: new Map(),
    name: 'default',
    action: 'ROUTE',
    by: undefined,
  } as const;
  const host = {
    config: {},
    overrides: new Map(),
    name: `inbound|http|${servicePort}`,
    domains: ['*'],
    by: undefined,
  };
  return {
    config: {},
    overrides: new Map(),
    name: passthrough ? 'InboundPassthroughCluster' : `inbound|${targetPort}||`,
    virtualHosts: [{ ...host, routes: [route] }],
    changed: false,
  };
}

function chain(view: InboundView, config: InboundChains, option: MatchOption): ChainModel {
  const { targetPort, servicePort, protocol, passthrough } = config;
  const place = { listener: 'inbound', protocol } as const;
  const filters =
    option.protocol === 'http'
      ? httpChainFilters(view, { ...place, port: targetPort }, inboundRoutes(config))
      : tcpChainFilters(view, { ...place, port: servicePort });
  return {
    name: chainName(config, option),
    match: {
      destinationPort: targetPort === 0 ? undefined : targetPort,
      transportProtocol: option.transportProtocol,
      applicationProtocols: option.applicationProtocols,
      serverNames: [],
    },
    tls: option.tls,
    filters,
    port: passthrough ? undefined : targetPort,
    passthrough,
    servers: [],
    by: undefined,
    changed: false,
  };
}

/** The chains of a port; an unknown mode counts as PERMISSIVE, which has the chains of all. */
function chainsFor(view: InboundView, config: InboundChains): readonly ChainModel[] {
  const decision = view.modeOf(config.targetPort === 0 ? '*' : config.targetPort);
  const mode = decision.known ? decision.value : 'PERMISSIVE';
  const protocol = config.passthrough ? 'AUTO' : inboundProtocol(config.protocol);
  const options = config.ownTls && mode === 'DISABLE' ? ownTlsOption(protocol) : matchOptions(protocol, mode);
  return options.map((option) => chain(view, config, option));
}

const passthrough = {
  servicePort: 0,
  protocol: 'auto',
  passthrough: true,
  bind: '',
  bindsToPort: false,
  ownTls: false,
} as const;

function listener(name: string, port: number, chains: readonly ChainModel[]): ListenerModel {
  return {
    kind: 'inbound',
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

/** The chain for connections to the listener's own port: they go nowhere (buildInboundBlackhole). */
function ownPortChain({ hasStats, mesh }: InboundView): ChainModel {
  const exchanges = istiodFlag(mesh, 'PILOT_ENABLE_METADATA_EXCHANGE', true);
  return {
    name: ownPortChainName,
    match: { ...anyMatch, destinationPort: 15_006 },
    tls: 'none',
    filters: [
      ...(exchanges ? [stockNetwork('metadataExchange')] : []),
      ...(hasStats ? [stockNetwork('stats')] : []),
      stockNetwork('tcpProxy'),
    ],
    port: undefined,
    passthrough: false,
    servers: [],
    by: undefined,
    changed: false,
  };
}

/**
 * The listeners through which a sidecar takes connections: the one of redirected traffic, with chains for what no Service
 * names, and those that a Sidecar binds itself (buildInboundListeners in pilot/pkg/networking/core/listener_inbound.go).
 */
export function inboundListeners(view: InboundView): readonly ListenerModel[] {
  const redirected = interceptionOf(view.mesh, view.workload).mode !== 'NONE';
  const configs = chainConfigs(view, redirected);
  const own = configs.filter(({ bindsToPort }) => bindsToPort);
  const shared = configs.filter(({ bindsToPort }) => !bindsToPort);
  const bound = own.map((config) =>
    listener(`${config.bind}_${config.targetPort}`, config.targetPort, chainsFor(view, config)),
  );
  if (!redirected) return bound;
  const chains = [
    ownPortChain(view),
    ...passthroughPorts(view, configs).flatMap((targetPort) =>
      chainsFor(view, { ...passthrough, targetPort }),
    ),
    ...shared.flatMap((config) => chainsFor(view, config)),
  ];
  return [listener(virtualInbound, 15_006, chains), ...bound];
}
