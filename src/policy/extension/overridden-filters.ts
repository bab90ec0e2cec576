import type { FieldRef, Resource } from '#documents/document.js';
import { allChains } from './patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from './patched-proxies.js';
import { filtersOf, oncePerPlace } from './proxy-facts.js';

/** What a patch does to a filter that another object put into a proxy. */
export interface Override {
  readonly how: 'removed' | 'changed' | 'disabled';
  readonly name: string;
  readonly at: FieldRef;
  /** What had put it there. */
  readonly owner: Resource;
  readonly workload: string;
}

function overridesAt(object: Resource, proxy: PatchedProxy): readonly Override[] {
  const workload = proxy.workload.id;
  const taken = proxy.chains.patches
    .filter(({ envoyFilter }) => envoyFilter === object)
    .flatMap(({ at, took }) =>
      took.map(({ name, addedBy }): Override => {
        return { how: 'removed', name, at, owner: addedBy.resource, workload };
      }),
    );
  const changed = allChains(proxy)
    .flatMap(filtersOf)
    .flatMap(({ name, addedBy, changedBy }) =>
      changedBy
        .filter(({ resource }) => resource === object && addedBy !== undefined)
        .map((at): Override => ({ how: 'changed', name, at, owner: addedBy?.resource ?? object, workload })),
    );
  const disabled = allChains(proxy).flatMap(({ overrides, httpFilters }) =>
    overrides
      .filter(({ by, effect, typeFits }) => by?.resource === object && effect === 'disables' && typeFits)
      .flatMap(({ by, filter }): readonly Override[] => {
        const owner = httpFilters.find(({ name }) => name === filter)?.addedBy?.resource;
        return owner === undefined || by === undefined
          ? []
          : [{ how: 'disabled', name: filter, at: by, owner, workload }];
      }),
  );
  return [...taken, ...changed, ...disabled];
}

/** What an EnvoyFilter does to filters of other objects, one of each patch. */
export function overriddenFilters(object: Resource, { proxies }: PatchedProxies): readonly Override[] {
  return oncePerPlace(
    proxies.flatMap((proxy) => overridesAt(object, proxy)).filter(({ owner }) => owner !== object),
  );
}
