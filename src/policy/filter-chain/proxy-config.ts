import type { FieldRef, Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { GatewayListeners } from '#policy/gateway/gateway-listeners.js';
import { keyOf } from '#policy/resource-set.js';
import { hasIstioCluster } from './base/destinations.js';
import type { Destinations } from './base/destinations.js';
import { gatewayChains, gatewayPortMap } from './base/gateway-chains.js';
import { inboundKey } from './base/inbound-chain-configs.js';
import { inboundListeners } from './base/inbound-listeners.js';
import type { InboundView } from './base/inbound-chain-configs.js';
import type { OutboundNeeds } from './base/outbound-listeners.js';
import type { FilterModel, ListenerModel } from './envoy-model.js';
import { nameOf } from './envoy-model.js';
import { patchClusters } from './patch/patch-clusters.js';
import type { ClusterBase, ClusterModel } from './patch/patch-clusters.js';
import { patcherOf, routesIn } from './patch/patcher.js';
import type { Panic, Patcher } from './patch/patcher.js';
import { valueOf } from './patch/patch.js';
import type { Patch } from './patch/patch.js';
import { outboundNeeds, patchedOutbound } from './patched-outbound.js';
import type { ProxySources } from './patched-outbound.js';
import { proxyPatches } from './patch/proxy-patches.js';
import type { ProxyPatches } from './patch/proxy-patches.js';

/** A configuration that istiod delivers by discovery. */
export interface DeliveredConfig {
  readonly config: JsonObject;
  readonly by: FieldRef;
}

/** The configuration of one proxy after all patches. */
export interface ProxyConfig {
  readonly kind: 'sidecar' | 'gateway';
  /** Inbound and gateway listeners, and those that patches added. */
  readonly listeners: readonly ListenerModel[];
  /** A sidecar's outbound listeners. */
  readonly outbound: readonly ListenerModel[];
  readonly clusters: ReadonlyMap<string, ClusterModel>;
  readonly hasCluster: (name: string) => boolean;
  readonly delivered: ReadonlyMap<string, DeliveredConfig>;
  readonly panics: readonly Panic[];
  readonly patches: ProxyPatches;
  readonly applied: ReadonlySet<Patch>;
  /** Filters that a patch removed or replaced. */
  readonly taken: (patch: Patch) => readonly FilterModel[];
}

/** Routes stand inline in a sidecar's listeners, so they are patched before these; a gateway's are delivered by name. */
function patchedInbound(patcher: Patcher, view: InboundView): readonly ListenerModel[] {
  const listeners = inboundListeners(view);
  patcher.routes(routesIn(listeners), 'SIDECAR_INBOUND');
  return patcher.listeners(listeners, 'SIDECAR_INBOUND', true);
}

function patchedGateway(
  patcher: Patcher,
  view: InboundView,
  gateway: GatewayListeners,
): readonly ListenerModel[] {
  const listeners = gatewayChains(view, gateway);
  patcher.routes(routesIn(listeners), 'GATEWAY', gatewayPortMap(gateway));
  return patcher.listeners(listeners, 'GATEWAY', true);
}

/** EXTENSION_CONFIG knows no context; of one name the first counts (InsertedExtensionConfigurations), plugins deliver theirs. */
function deliveredConfigs(
  { extensions }: InboundView,
  patches: readonly Patch[],
): ReadonlyMap<string, DeliveredConfig> {
  const delivered = new Map<string, DeliveredConfig>();
  for (const patch of patches) {
    if (patch.applyTo !== 'EXTENSION_CONFIG' || patch.operation !== 'ADD' || patch.value === undefined)
      continue;
    const config = valueOf(patch);
    if (!delivered.has(nameOf(config))) delivered.set(nameOf(config), { config, by: patch.at });
  }
  for (const { filterName, wasm, resource } of extensions) {
    if (wasm === undefined) continue;
    const config = { name: filterName, typed_config: wasm };
    delivered.set(filterName, { config, by: { resource, path: ['spec'] } });
  }
  return delivered;
}

function clusterBase({
  view,
  destinations,
}: ProxySources): ClusterBase & { readonly names: () => readonly string[] } {
  const inbound = new Set(
    view.ports.filter(({ services }) => services.length > 0).map(({ number }) => number),
  );
  const own = { inbound, kind: view.kind };
  const names = lazy(() => [
    ...destinations
      .listeners()
      .flatMap(({ hosts, port }) => hosts.map((host) => `outbound|${port}||${host}`)),
    'BlackHoleCluster',
    ...(view.kind === 'sidecar' ? ['PassthroughCluster'] : []),
    ...(view.kind === 'sidecar' ? [...inbound].map((port) => `inbound|${port}||`) : []),
    ...(view.kind === 'sidecar' ? ['InboundPassthroughCluster'] : []),
  ]);
  return {
    exists: (name) => hasIstioCluster(destinations, own, name),
    inboundHosts: (port) =>
      view.ports
        .filter(({ number }) => number === port)
        .flatMap(({ services }) => services.map(({ service }) => service.host)),
    names,
  };
}

function buildConfig(
  sources: ProxySources,
  patches: ProxyPatches,
  needs: OutboundNeeds | undefined,
): ProxyConfig {
  const { view, gateway } = sources;
  const patcher = patcherOf(patches.patches);
  const listeners =
    gateway === undefined ? patchedInbound(patcher, view) : patchedGateway(patcher, view, gateway);
  const outbound = patchedOutbound(sources, patches, needs);
  const base = clusterBase(sources);
  const context = gateway === undefined ? 'SIDECAR_OUTBOUND' : 'GATEWAY';
  const proxy = { kind: view.kind, base, names: base.names };
  const { clusters, isGone, panics } = patchClusters(patcher.patching(context), proxy);
  const clusterPanics = panics.map((error): Panic => ({ in: 'cluster', context, error }));
  return {
    kind: view.kind,
    listeners,
    outbound: outbound.listeners,
    clusters,
    hasCluster: (name) => clusters.has(name) || (base.exists(name) && !isGone(name)),
    delivered: deliveredConfigs(view, patches.patches),
    panics: [...patcher.panics, ...outbound.panics, ...clusterPanics],
    patches,
    applied: new Set([...patcher.applied, ...outbound.applied]),
    taken: (patch) => [...(patcher.taken.get(patch) ?? []), ...(outbound.taken.get(patch) ?? [])],
  };
}

/** All that a sidecar's configuration depends on beside what it can send to; undefined for gateways. */
function configKey({ view, gateway }: ProxySources, { key, patches }: ProxyPatches): string | undefined {
  if (gateway !== undefined) return undefined;
  const changesClusters = patches.some(
    ({ applyTo, operation }) => applyTo === 'CLUSTER' && operation !== 'ADD',
  );
  // Only patches of clusters ask for the names of the Services behind the ports.
  const hosts = changesClusters
    ? view.ports.flatMap(({ services }) => services.map(({ service }) => service.host))
    : [];
  const { readsTokens, rbacFilters, hasStats, extensions, customPolicies } = view;
  const plugins = keyOf(extensions.map(({ resource }) => resource));
  const policies = [keyOf(customPolicies), readsTokens, rbacFilters, hasStats];
  return [key, plugins, ...policies, ...hosts, inboundKey(view)].join(' ');
}

const configs = new WeakMap<Destinations, Map<string, ProxyConfig>>();

/**
 * Builds and patches the configuration of one proxy, as if an object were absent where asked. Sidecars of which nothing
 * differs that counts share it.
 */
export function proxyConfig(sources: ProxySources, without?: Resource): ProxyConfig {
  const view: InboundView = {
    ...sources.view,
    extensions: sources.view.extensions.filter(({ resource }) => resource !== without),
  };
  const seen = { ...sources, view };
  const all = proxyPatches(view);
  const patches = without === undefined ? all : proxyPatches(view, without);
  // The same listeners are built with and without the object, so that the two can be compared.
  const needs = outboundNeeds(sources.view, all.patches);
  const key = configKey(seen, patches);
  if (key === undefined) return buildConfig(seen, patches, needs);
  const known = getOrMake(configs, sources.destinations, () => new Map<string, ProxyConfig>());
  return getOrMake(known, `${key} ${JSON.stringify(needs)}`, () => buildConfig(seen, patches, needs));
}
