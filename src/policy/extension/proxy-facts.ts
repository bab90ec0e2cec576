import type { FieldRef, Resource } from '#documents/document.js';
import type { ListenerRefusal, ProxyFilter, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { allChains } from './patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from './patched-proxies.js';

/** Something at a proxy, with the proxy. */
export interface AtProxy<T> {
  readonly proxy: PatchedProxy;
  readonly found: T;
}

/** True for two names of one field. */
export const isSamePlace = (a: FieldRef, b: FieldRef): boolean =>
  a.resource === b.resource && a.path.join('/') === b.path.join('/');

/** The first of each place. */
export function oncePerPlace<T extends { readonly at: FieldRef }>(all: readonly T[]): readonly T[] {
  return all.filter((one, index) => all.findIndex(({ at }) => isSamePlace(at, one.at)) === index);
}

/** A patch that makes istiod give up the patches of a proxy, and the objects that lose theirs by it. */
export interface PanickingPatch {
  readonly at: FieldRef;
  readonly note: string;
  readonly workload: string;
  readonly lost: readonly FieldRef[];
}

/** The patches of an object at which istiod's patching panics. */
export function panickingPatches(object: Resource, { proxies }: PatchedProxies): readonly PanickingPatch[] {
  return oncePerPlace(
    proxies.flatMap(({ workload, chains }) =>
      chains.panics
        .filter(({ at }) => at.resource === object)
        .map(({ at, note }) => ({
          at,
          note,
          workload: workload.id,
          lost: chains.patches.filter(({ outcome }) => outcome === 'lost').map((lost) => lost.at),
        })),
    ),
  );
}

/** A patch for which Envoy refuses a listener. */
export interface RefusedPatch {
  readonly at: FieldRef;
  readonly refusal: ListenerRefusal;
  readonly workload: string;
  readonly listener: string;
}

/** The patches of an object for which Envoy refuses a listener, the first reason of each. */
export function refusedPatches(object: Resource, { proxies }: PatchedProxies): readonly RefusedPatch[] {
  return oncePerPlace(
    proxies.flatMap((proxy) =>
      allChains(proxy).flatMap(({ refused, listenerName }): readonly RefusedPatch[] =>
        refused?.at?.resource !== object
          ? []
          : [{ at: refused.at, refusal: refused, workload: proxy.workload.id, listener: listenerName }],
      ),
    ),
  );
}

/** All filters of a chain. */
export const filtersOf = ({ httpFilters, networkFilters }: ProxyFilterChain): readonly ProxyFilter[] => [
  ...httpFilters,
  ...networkFilters,
];

/** The filters that an object put into proxies, one of each place and name. */
export function addedFilters(object: Resource, { proxies }: PatchedProxies): readonly AtProxy<ProxyFilter>[] {
  const seen = new Set<string>();
  return proxies.flatMap((proxy) =>
    allChains(proxy)
      .flatMap(filtersOf)
      .filter(({ name, addedBy, cluster, clusterExists, discovery }) => {
        if (addedBy?.resource !== object) return false;
        const key = JSON.stringify([addedBy.path, name, cluster, clusterExists, discovery?.resolved]);
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      })
      .map((found) => ({ proxy, found })),
  );
}
