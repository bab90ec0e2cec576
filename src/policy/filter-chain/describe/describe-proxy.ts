import { ownPortChainName } from '#policy/filter-chain/base/inbound-listeners.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, FilterModel, ListenerModel } from '#policy/filter-chain/envoy-model.js';
import type {
  PatchOutcome,
  PatchPanic as ReportedPanic,
  ProxyFilterChain,
  ProxyFilterChains,
} from '#policy/filter-chain/filter-chain.js';
import { isHeld } from '#policy/filter-chain/patch/read-patches.js';
import type { ApplyTo, Patch, SkippedPatch } from '#policy/filter-chain/patch/patch.js';
import type { ProxyConfig } from '#policy/filter-chain/proxy-config.js';
import { listenerRefusal } from '#policy/filter-chain/refusal/listener-refusal.js';
import { describeClusters } from './describe-clusters.js';
import { describeFilter } from './describe-filter.js';
import { routeOverrides } from './route-overrides.js';

function httpOf(filters: readonly FilterModel[]): FilterModel['http'] {
  return filters.find(({ http }) => http !== undefined)?.http;
}

function describeChain(config: ProxyConfig, listener: ListenerModel, chain: ChainModel): ProxyFilterChain {
  const filters = chain.filters ?? [];
  const http = httpOf(filters);
  const serverPorts = [...new Set(chain.servers.map(({ port }) => port))].sort((a, b) => a - b);
  return {
    listener: listener.kind,
    listenerName: listener.name,
    listenPort: listener.port,
    name: chain.name,
    match: chain.match,
    tls: chain.tls,
    port: chain.port,
    passthrough: chain.passthrough,
    serverPorts,
    servers: chain.servers.map(({ at }) => at),
    protocol: http === undefined ? 'tcp' : 'http',
    httpFilters: (http?.filters ?? []).map((filter) => describeFilter(filter, config)),
    networkFilters: filters.map((filter) => describeFilter(filter, config)),
    routeConfig: http?.routes?.name,
    virtualHosts: (http?.routes?.virtualHosts ?? []).map(({ name }) => name),
    overrides: http?.routes === undefined ? [] : routeOverrides(http.routes, http.filters, config),
    refused: undefined,
  };
}

function chainsOf(config: ProxyConfig, listeners: readonly ListenerModel[]): readonly ProxyFilterChain[] {
  return listeners.flatMap((listener) => {
    const refused = listenerRefusal(listener);
    const chains = listener.chains.filter(({ name }) => name !== ownPortChainName);
    const standard = listener.defaultChain === undefined ? [] : [listener.defaultChain];
    return [...chains, ...standard].map((chain) => ({ ...describeChain(config, listener, chain), refused }));
  });
}

function carriesMore({ httpFilters, networkFilters }: ProxyFilterChain): boolean {
  return [...httpFilters, ...networkFilters].some(({ stock }) => !stock);
}

const kindOf: Readonly<Record<ApplyTo, 'listener' | 'route' | 'cluster' | undefined>> = {
  LISTENER: 'listener',
  LISTENER_FILTER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'route',
  VIRTUAL_HOST: 'route',
  HTTP_ROUTE: 'route',
  CLUSTER: 'cluster',
  EXTENSION_CONFIG: undefined,
  BOOTSTRAP: undefined,
};

/** A patch that did nothing in a direction whose patching panicked may have had its place there. */
function isLost({ panics }: ProxyConfig, { applyTo, context }: Patch): boolean {
  return panics.some(
    (panic) => panic.in === kindOf[applyTo] && (context === 'ANY' || context === panic.context),
  );
}

function isDelivered({ delivered }: ProxyConfig, patch: Patch): boolean {
  return [...delivered.values()].some(({ by }) => by === patch.at);
}

/** What a patch took of others; what its own object had put there is its own affair. */
function tookOf({ taken }: ProxyConfig, patch: Patch): PatchOutcome['took'] {
  return taken(patch).flatMap(({ config, by }) =>
    by === undefined || by.resource === patch.envoyFilter ? [] : [{ name: nameOf(config), addedBy: by }],
  );
}

function outcomeOf(config: ProxyConfig, patch: Patch | SkippedPatch): PatchOutcome {
  const { envoyFilter, at } = patch;
  const outcome = (name: PatchOutcome['outcome'], note?: string): PatchOutcome => ({
    envoyFilter,
    at,
    outcome: name,
    note,
    took: isHeld(patch) ? tookOf(config, patch) : [],
  });
  if (!isHeld(patch)) return outcome('unreadable', patch.reason);
  if (config.patches.otherProxies.has(patch)) return outcome('other-version');
  if (config.applied.has(patch) || isDelivered(config, patch)) return outcome('applied');
  return isLost(config, patch) ? outcome('lost') : outcome('no-match');
}

/** Tells what a proxy's configuration makes of its traffic. */
export function describeProxy(config: ProxyConfig): ProxyFilterChains {
  const chains = chainsOf(config, config.listeners);
  const outbound = chainsOf(config, config.outbound).filter(carriesMore);
  const panics = config.panics.map((panic): ReportedPanic => ({
    in: panic.in,
    at: panic.error.patch.at,
    note: panic.error.message,
  }));
  return {
    kind: config.kind,
    chains,
    outbound,
    clusters: describeClusters(config, [...chains, ...outbound]),
    patches: config.patches.all.map((patch) => outcomeOf(config, patch)),
    panics,
  };
}
