import { getOrMake } from '#mesh/lazy.js';
import type { GatewayListeners } from '#policy/gateway/gateway-listeners.js';
import { interceptionOf } from '#policy/interception.js';
import { keyOf } from '#policy/resource-set.js';
import type { Destinations } from './base/destinations.js';
import type { InboundView } from './base/inbound-chain-configs.js';
import { outboundListeners } from './base/outbound-listeners.js';
import type { OutboundNeeds } from './base/outbound-listeners.js';
import type { FilterModel, ListenerModel } from './envoy-model.js';
import { patcherOf, routesIn } from './patch/patcher.js';
import type { Panic } from './patch/patcher.js';
import type { ApplyTo, Patch } from './patch/patch.js';
import type { ProxyPatches } from './patch/proxy-patches.js';

/** What the configuration of a proxy is built from. */
export interface ProxySources {
  readonly view: InboundView;
  readonly gateway: GatewayListeners | undefined;
  readonly destinations: Destinations;
}

const routeKinds: ReadonlySet<ApplyTo> = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);
const tcpKinds: ReadonlySet<ApplyTo> = new Set([
  'LISTENER',
  'LISTENER_FILTER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
]);

/** What patches and plugins may reach of the outbound listeners; undefined: nothing, so that they need not be built. */
export function outboundNeeds(
  { extensions }: InboundView,
  patches: readonly Patch[],
): OutboundNeeds | undefined {
  const plugins = extensions.filter(
    ({ match }) => match.length === 0 || match.some(({ mode }) => mode !== 'SERVER'),
  );
  const kinds = new Set(
    patches
      .filter(({ context }) => context === 'ANY' || context === 'SIDECAR_OUTBOUND')
      .map(({ applyTo }) => applyTo),
  );
  const routes = [...routeKinds].some((kind) => kinds.has(kind));
  const tcp =
    [...tcpKinds].some((kind) => kinds.has(kind)) || plugins.some(({ chain }) => chain === 'network');
  return routes || tcp || kinds.has('HTTP_FILTER') || plugins.length > 0 ? { tcp, routes } : undefined;
}

/** A sidecar's outbound listeners after patching; proxies that send to the same and are patched alike share them. */
export interface PatchedOutbound {
  readonly listeners: readonly ListenerModel[];
  readonly panics: readonly Panic[];
  readonly applied: ReadonlySet<Patch>;
  readonly taken: ReadonlyMap<Patch, readonly FilterModel[]>;
}

const outboundOf = new WeakMap<Destinations, Map<string, PatchedOutbound>>();

function buildOutbound(
  { view, destinations }: ProxySources,
  patches: readonly Patch[],
  needs: OutboundNeeds | undefined,
): PatchedOutbound {
  if (needs === undefined) return { listeners: [], panics: [], applied: new Set(), taken: new Map() };
  const patcher = patcherOf(patches);
  const listeners = outboundListeners(view, destinations.listeners(), needs);
  if (needs.routes) patcher.routes(routesIn(listeners), 'SIDECAR_OUTBOUND');
  const isVirtual = ({ name }: ListenerModel): boolean => name === 'virtualOutbound';
  // istiod patches the listener of redirected traffic by itself, so that a panic in the others leaves it alone.
  const virtual = patcher.listeners(listeners.filter(isVirtual), 'SIDECAR_OUTBOUND', false);
  const others = listeners.filter((listener) => !isVirtual(listener));
  const all = [...virtual, ...patcher.listeners(others, 'SIDECAR_OUTBOUND', true)];
  return { listeners: all, panics: patcher.panics, applied: patcher.applied, taken: patcher.taken };
}

/** The outbound listeners of a sidecar, patched; none for gateways. */
export function patchedOutbound(
  sources: ProxySources,
  patches: ProxyPatches,
  needs: OutboundNeeds | undefined,
): PatchedOutbound {
  const { view, destinations, gateway } = sources;
  if (gateway !== undefined) return { listeners: [], panics: [], applied: new Set(), taken: new Map() };
  const known = getOrMake(outboundOf, destinations, () => new Map<string, PatchedOutbound>());
  const plugins = keyOf(view.extensions.map(({ resource }) => resource));
  const redirected = interceptionOf(view.mesh, view.workload).mode !== 'NONE';
  const key = [patches.key, plugins, view.hasStats, redirected, JSON.stringify(needs)].join(' ');
  return getOrMake(known, key, () => buildOutbound(sources, patches.patches, needs));
}
