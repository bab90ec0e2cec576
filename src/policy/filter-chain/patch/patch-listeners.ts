import { isObject, listAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, ListenerModel } from '#policy/filter-chain/envoy-model.js';
import { chainMatchOf, chainOf, filterOf, listenerOf } from '#policy/filter-chain/model-of-value.js';
import { filterChainMatch, listenerMatch } from './match-listener.js';
import { inContext, merges, PatchPanic, valueOf } from './patch.js';
import type { Patch } from './patch.js';
import { patchNetworkFilters } from './patch-filters.js';
import type { Patching } from './patch-filters.js';

/** Merges a FilterChain: filters are appended, the match's fields overwritten. */
function mergeChain(chain: ChainModel, value: JsonObject, patch: Patch): void {
  const given = chainMatchOf(value);
  const replaces = patch.operation === 'MERGE_AND_REPLACE_LIST';
  const joined = (old: readonly string[], added: readonly string[]): readonly string[] =>
    replaces && added.length > 0 ? added : [...old, ...added];
  const filters = listAt(value, 'filters')
    .filter(isObject)
    .map((filter) => filterOf(filter, patch.at));
  const kept = replaces && filters.length > 0 ? [] : (chain.filters ?? []);
  chain.filters = [...kept, ...filters];
  if (nameOf(value) !== '') chain.name = nameOf(value);
  chain.match = {
    destinationPort: given.destinationPort ?? chain.match.destinationPort,
    transportProtocol:
      given.transportProtocol === '' ? chain.match.transportProtocol : given.transportProtocol,
    applicationProtocols: joined(chain.match.applicationProtocols, given.applicationProtocols),
    serverNames: joined(chain.match.serverNames, given.serverNames),
  };
  chain.changed = true;
}

/** Removes or merges the chain itself; false when it is gone (patchFilterChain). */
function patchChainItself(listener: ListenerModel, chain: ChainModel, patching: Patching): boolean {
  for (const patch of patching.patchesFor('FILTER_CHAIN')) {
    const meets =
      inContext(patch, patching.context) &&
      listenerMatch(listener, patch) &&
      filterChainMatch(listener, chain, patch);
    if (!meets) continue;
    if (patch.operation === 'REMOVE') {
      chain.filters = undefined;
      patching.applied(patch);
      return false;
    }
    if (merges(patch)) {
      mergeChain(chain, valueOf(patch), patch);
      patching.applied(patch);
    }
  }
  return true;
}

function patchChain(listener: ListenerModel, chain: ChainModel, patching: Patching): void {
  if (chain.filters === undefined) return;
  if (patchChainItself(listener, chain, patching)) patchNetworkFilters({ listener, chain }, patching);
}

/** patchFilterChains: what is there, then what is added, which no other patch sees. */
function patchChains(listener: ListenerModel, patching: Patching): void {
  for (const chain of listener.chains) patchChain(listener, chain, patching);
  if (listener.defaultChain !== undefined) {
    patchChain(listener, listener.defaultChain, patching);
    if (listener.defaultChain.filters === undefined) listener.defaultChain = undefined;
  }
  for (const patch of patching.patchesFor('FILTER_CHAIN')) {
    if (patch.operation !== 'ADD' || !inContext(patch, patching.context)) continue;
    if (!listenerMatch(listener, patch)) continue;
    const chain = chainOf(valueOf(patch), patch.at);
    patching.applied(patch);
    // A chain that brings no filters is taken for a removed one.
    if (chain.filters?.length !== 0) listener.chains.push(chain);
  }
  listener.chains = listener.chains.filter(({ filters }) => filters !== undefined);
}

function mergeListener(listener: ListenerModel, patch: Patch): void {
  const value = valueOf(patch);
  const added = listenerOf(value, patch.at);
  if (added.name !== '') listener.name = added.name;
  listener.chains.push(...added.chains);
  listener.listenerFilters.push(...added.listenerFilters);
  listener.defaultChain ??= added.defaultChain;
  listener.changed = true;
}

/** The listener filters after a patch of them; undefined: it changes nothing. */
function listenerFiltersAfter(own: readonly JsonValue[], patch: Patch): readonly JsonValue[] | undefined {
  const { operation } = patch;
  const wanted = patch.listener?.listenerFilter ?? '';
  const found = own.findIndex((filter) => stringAt(filter, 'name') === wanted);
  if (operation === 'ADD') return [...own, valueOf(patch)];
  if (operation === 'INSERT_FIRST') return [valueOf(patch), ...own];
  if (wanted === '') {
    if (operation === 'INSERT_AFTER') return [...own, valueOf(patch)];
    return operation === 'INSERT_BEFORE' ? [valueOf(patch), ...own] : undefined;
  }
  if (found < 0) return undefined;
  if (operation === 'INSERT_AFTER') return own.toSpliced(found + 1, 0, valueOf(patch));
  if (operation === 'INSERT_BEFORE') return own.toSpliced(found, 0, valueOf(patch));
  if (operation === 'REPLACE') return own.with(found, valueOf(patch));
  return operation === 'REMOVE' ? own.filter((filter) => stringAt(filter, 'name') !== wanted) : undefined;
}

/** patchListenerFilters; merging them is left aside, as nothing here asks what they say. */
function patchListenerFilter(listener: ListenerModel, patch: Patch, { applied }: Patching): void {
  const after = listenerFiltersAfter(listener.listenerFilters, patch);
  if (after === undefined) return;
  listener.listenerFilters = [...after];
  applied(patch);
}

/** patchListener: the listener itself, its listener filters, its chains. */
function patchListener(listener: ListenerModel, patching: Patching): void {
  const meets = (patch: Patch): boolean =>
    inContext(patch, patching.context) && listenerMatch(listener, patch);
  for (const patch of patching.patchesFor('LISTENER')) {
    if (!meets(patch)) continue;
    if (patch.operation === 'REMOVE') {
      listener.name = '';
      patching.applied(patch);
      return;
    }
    if (merges(patch)) {
      mergeListener(listener, patch);
      patching.applied(patch);
    }
  }
  for (const patch of patching.patchesFor('LISTENER_FILTER'))
    if (meets(patch)) patchListenerFilter(listener, patch, patching);
  patchChains(listener, patching);
}

/** LISTENER ADD without a context is for outbound and gateways only (patchListeners). */
function addedListeners({ context, patchesFor, applied }: Patching): readonly ListenerModel[] {
  const added: ListenerModel[] = [];
  for (const patch of patchesFor('LISTENER')) {
    if (patch.operation !== 'ADD' || !inContext(patch, context)) continue;
    if (patch.context === 'ANY' && context === 'SIDECAR_INBOUND') continue;
    added.push(listenerOf(valueOf(patch), patch.at));
    applied(patch);
  }
  return added;
}

/** Listeners after patching, and the panic that ended it early. */
export interface PatchedListeners {
  readonly listeners: readonly ListenerModel[];
  readonly panic: PatchPanic | undefined;
}

/**
 * Applies all patches of a context to listeners, which are changed in place. After a panic what was changed stays
 * changed and the rest is as it was (ApplyListenerPatches in pilot/pkg/networking/core/envoyfilter/listener_patch.go).
 */
export function patchListeners(
  listeners: readonly ListenerModel[],
  patching: Patching,
  adds = true,
): PatchedListeners {
  try {
    for (const listener of listeners) patchListener(listener, patching);
    const all = adds ? [...listeners, ...addedListeners(patching)] : listeners;
    return { listeners: all.filter(({ name }) => name !== ''), panic: undefined };
  } catch (error) {
    if (error instanceof PatchPanic) return { listeners, panic: error };
    throw error;
  }
}
