import type { Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { policySelectorOf } from '#policy/policy-selector.js';
import type { Selection } from '#policy/policies.js';
import { nameOf } from './envoy-model.js';
import type { ChainModel, FilterModel, ListenerModel, RouteConfigModel, RouteScope } from './envoy-model.js';
import type { ExtensionEffect } from './filter-chain.js';
import { configurationsOf } from './filter-chains-of.js';
import type { ChainPolicies } from './filter-chains-of.js';
import type { ProxyConfig } from './proxy-config.js';

type Outline = JsonValue | readonly unknown[] | undefined;

function overridesOutline({ overrides }: RouteScope): readonly unknown[] {
  return [...overrides].map(([key, { value }]) => [key, value]).sort();
}

function routesOutline(routes: RouteConfigModel): readonly unknown[] {
  const hosts = routes.virtualHosts.map((host) => [
    host.name,
    host.domains,
    host.config,
    overridesOutline(host),
    host.routes.map((route) => [route.name, route.config, overridesOutline(route)]),
  ]);
  return [routes.name, routes.config, overridesOutline(routes), hosts];
}

function filterOutline({ config, http }: FilterModel): readonly unknown[] {
  const routes = http?.routes;
  return [config, http?.filters.map(filterOutline), routes && routesOutline(routes)];
}

function chainOutline({ name, match, filters, tls }: ChainModel): readonly unknown[] {
  return [name, match, tls, filters?.map(filterOutline)];
}

function listenerOutline({
  name,
  port,
  chains,
  defaultChain,
  listenerFilters,
  changed,
}: ListenerModel): Outline {
  return [
    name,
    port,
    changed,
    listenerFilters,
    chains.map(chainOutline),
    defaultChain && chainOutline(defaultChain),
  ];
}

/** Names for which some filter of the listeners waits. */
function awaited(listeners: readonly ListenerModel[]): ReadonlySet<string> {
  const filters = listeners.flatMap(({ chains }) => chains).flatMap((chain) => chain.filters ?? []);
  const all = [...filters, ...filters.flatMap(({ http }) => http?.filters ?? [])];
  return new Set(
    all.filter(({ config }) => 'config_discovery' in config).map(({ config }) => nameOf(config)),
  );
}

/** The whole of a configuration in one text, so that two of them can be compared. */
function outlineOf({ listeners, outbound, clusters, delivered }: ProxyConfig): string {
  const names = awaited([...listeners, ...outbound]);
  return JSON.stringify([
    listeners.map(listenerOutline),
    outbound.map(listenerOutline),
    [...clusters.values()].map(({ name, config }) => [name, config]),
    [...delivered].filter(([name]) => names.has(name)).map(([name, { config }]) => [name, config]),
  ]);
}

/** What the effect of an object is asked with. */
export interface EffectQuestion {
  readonly mesh: Mesh;
  readonly policies: ChainPolicies & {
    readonly selection: (policy: Resource) => Decision<Selection>;
  };
}

/** How two configurations compare, so that proxies that share them are compared once. */
const compared = new WeakMap<ProxyConfig, Map<ProxyConfig, boolean>>();

function isChanged({ mesh, policies }: EffectQuestion, object: Resource, workload: Workload): boolean {
  const configure = configurationsOf(mesh, workload, policies);
  if (configure === undefined) return false;
  const [own, other] = [configure(), configure(object)];
  if (own === other) return false;
  const known = getOrMake(compared, own, () => new Map<ProxyConfig, boolean>());
  return getOrMake(known, other, () => outlineOf(own) !== outlineOf(other));
}

/**
 * Which proxies of the input are configured otherwise without an EnvoyFilter, WasmPlugin, TrafficExtension or CUSTOM
 * policy. Of two objects that do the same neither changes anything.
 */
export function extensionEffect(question: EffectQuestion, object: Resource): Decision<ExtensionEffect> {
  const selection = question.policies.selection(object);
  if (!selection.known) return unknown(selection.missing, selection.considered);
  const { workloads } = selection.value;
  const changes = workloads.filter((workload) => isChanged(question, object, workload));
  const value = { changes: changes.map(({ id }) => id), selected: workloads.map(({ id }) => id) };
  return known(value, { resource: object, path: policySelectorOf(object).path });
}
