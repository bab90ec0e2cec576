import { getOrMake } from '#mesh/lazy.js';
import type { FilterModel, ListenerModel, RouteConfigModel } from '#policy/filter-chain/envoy-model.js';
import type { Patching } from './patch-filters.js';
import { patchListeners } from './patch-listeners.js';
import { patchRouteConfig } from './patch-routes.js';
import type { PortMap } from './patch-routes.js';
import type { ApplyTo, Patch, PatchContext, PatchPanic } from './patch.js';

/** Where a panic happened. */
export interface Panic {
  readonly in: 'listener' | 'route' | 'cluster';
  readonly context: PatchContext;
  readonly error: PatchPanic;
}

/** Applies the patches of a proxy, and keeps account of it. */
export interface Patcher {
  readonly applied: ReadonlySet<Patch>;
  /** Filters that patches removed or replaced. */
  readonly taken: ReadonlyMap<Patch, readonly FilterModel[]>;
  readonly panics: readonly Panic[];
  readonly patching: (context: PatchContext) => Patching;
  readonly listeners: (
    all: readonly ListenerModel[],
    context: PatchContext,
    adds: boolean,
  ) => readonly ListenerModel[];
  readonly routes: (configs: readonly RouteConfigModel[], context: PatchContext, portMap?: PortMap) => void;
}

/** Makes the patcher of the patches of one proxy. */
export function patcherOf(patches: readonly Patch[]): Patcher {
  const byKind = new Map<ApplyTo, Patch[]>();
  for (const patch of patches) getOrMake(byKind, patch.applyTo, () => []).push(patch);
  const applied = new Set<Patch>();
  const taken = new Map<Patch, FilterModel[]>();
  const panics: Panic[] = [];
  const patching = (context: PatchContext): Patching => ({
    context,
    patchesFor: (applyTo) => byKind.get(applyTo) ?? [],
    applied: (patch) => applied.add(patch),
    took: (patch, filter) => getOrMake(taken, patch, () => []).push(filter),
  });
  return {
    applied,
    taken,
    panics,
    patching,
    listeners: (all, context, adds) => {
      const { listeners, panic } = patchListeners(all, patching(context), adds);
      if (panic !== undefined) panics.push({ in: 'listener', context, error: panic });
      return listeners;
    },
    routes: (configs, context, portMap) => {
      for (const config of configs) {
        const panic = patchRouteConfig(config, patching(context), portMap);
        if (panic !== undefined) panics.push({ in: 'route', context, error: panic });
      }
    },
  };
}

/** The route configurations in listeners, each once a name. */
export function routesIn(listeners: readonly ListenerModel[]): readonly RouteConfigModel[] {
  return listeners
    .flatMap(({ chains }) => chains)
    .flatMap(({ filters }) => filters ?? [])
    .flatMap(({ http }) => (http?.routes === undefined ? [] : [http.routes]));
}
