import { isObject, listAt, objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { connectionManager, connectionManagerType, nameOf } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, FilterModel, HttpModel, ListenerModel } from '#policy/filter-chain/envoy-model.js';
import { heldMessage } from '#policy/filter-chain/message/read-message.js';
import { mergeAny } from '#policy/filter-chain/message/merge-message.js';
import { filterOf, overridesOf, virtualHostOf } from '#policy/filter-chain/model-of-value.js';
import {
  filterChainMatch,
  httpFilterMatch,
  listenerMatch,
  networkFilterMatch,
  wantedFilter,
  wantedSubFilter,
} from './match-listener.js';
import { inContext, PatchPanic, valueOf } from './patch.js';
import type { ApplyTo, Patch, PatchContext } from './patch.js';

/** What patches are applied with. */
export interface Patching {
  readonly context: PatchContext;
  readonly patchesFor: (applyTo: ApplyTo) => readonly Patch[];
  /** Takes note that a patch changed something. */
  readonly applied: (patch: Patch) => unknown;
  /** Takes note of a filter that a patch removed or replaced. */
  readonly took: (patch: Patch, filter: FilterModel) => unknown;
}

/** Where a patch of a list puts or takes; undefined: it finds no place. */
function placeOf(
  patch: Patch,
  filters: readonly FilterModel[],
  wanted: string | undefined,
): number | undefined {
  const { operation } = patch;
  if (operation === 'ADD') return filters.length;
  if (operation === 'INSERT_FIRST') return 0;
  if (operation === 'INSERT_AFTER' && wanted === undefined) return filters.length;
  if (operation === 'INSERT_BEFORE' && wanted === undefined) return 0;
  const found = filters.findIndex(({ config }) => nameOf(config) === wanted);
  if (found < 0) return undefined;
  return operation === 'INSERT_AFTER' ? found + 1 : found;
}

/** Applies one patch that adds, inserts, replaces or removes; the list after it. */
function changed(
  filters: FilterModel[],
  patch: Patch,
  wanted: string | undefined,
  { applied, took }: Patching,
): FilterModel[] {
  const { operation } = patch;
  if (operation === 'REMOVE') {
    const gone = wanted === undefined ? [] : filters.filter(({ config }) => nameOf(config) === wanted);
    if (gone.length === 0) return filters;
    applied(patch);
    for (const filter of gone) took(patch, filter);
    return filters.filter((filter) => !gone.includes(filter));
  }
  const isReplace = operation === 'REPLACE';
  if (!isReplace && operation !== 'ADD' && !operation.startsWith('INSERT')) return filters;
  if (isReplace && wanted === undefined) return filters;
  const place = placeOf(patch, filters, wanted);
  if (place === undefined) return filters;
  applied(patch);
  const replaced = isReplace ? filters[place] : undefined;
  if (replaced !== undefined) took(patch, replaced);
  return filters.toSpliced(place, isReplace ? 1 : 0, filterOf(valueOf(patch), patch.at));
}

/** Name and configuration are all that MERGE takes of a filter; a filter without typed configuration is left alone. */
function mergeFilter(filter: FilterModel, patch: Patch, { applied }: Patching): void {
  const typed = objectAt(filter.config, 'typed_config');
  if (typed === undefined) return;
  const value = valueOf(patch);
  const given = objectAt(value, 'typed_config');
  const merged = given && mergeAny(typed, given);
  if (given !== undefined && merged === undefined)
    throw new PatchPanic(patch, 'MERGE of another type than the filter has');
  const name = nameOf(value) === '' ? nameOf(filter.config) : nameOf(value);
  const before = JSON.stringify(filter.config);
  filter.config = { ...filter.config, name, ...(merged && { typed_config: merged }) };
  if (JSON.stringify(filter.config) === before) return;
  filter.stock = false;
  filter.changedBy.push(patch.at);
  applied(patch);
}

/** The parts of a connection manager that stand apart in the model follow what was merged into its message. */
function mergeHttp(http: HttpModel, given: JsonObject, patch: Patch): void {
  const filters = listAt(given, 'http_filters').filter(isObject);
  http.filters = [...http.filters, ...filters.map((config) => filterOf(config, patch.at))];
  const routes = objectAt(given, 'route_config');
  if (routes === undefined || http.routes === undefined) return;
  for (const [key, override] of overridesOf(routes, patch.at)) http.routes.overrides.set(key, override);
  const hosts = listAt(routes, 'virtual_hosts').filter(isObject);
  http.routes.virtualHosts.push(...hosts.map((host) => virtualHostOf(host, patch.at)));
  http.routes.changed = true;
}

interface Place {
  readonly listener: ListenerModel;
  readonly chain: ChainModel;
}

function meets(patch: Patch, { listener, chain }: Place, { context }: Patching): boolean {
  return (
    inContext(patch, context) && listenerMatch(listener, patch) && filterChainMatch(listener, chain, patch)
  );
}

/** patchHTTPFilters: first all that adds and removes, in order, then all that merges. */
function patchHttpFilters(place: Place, filter: FilterModel, patching: Patching): void {
  const { http } = filter;
  if (http === undefined) return;
  const name = nameOf(filter.config);
  const patches = patching
    .patchesFor('HTTP_FILTER')
    .filter((patch) => meets(patch, place, patching) && networkFilterMatch(name, patch));
  const done: Patch[] = [];
  const noting: Patching = { ...patching, applied: (patch) => done.push(patch) };
  let filters = http.filters;
  for (const patch of patches) filters = changed(filters, patch, wantedSubFilter(patch), noting);
  const copies = filters.map((each) => ({ ...each, changedBy: [...each.changedBy] }));
  for (const each of copies)
    for (const patch of patches)
      if (patch.operation === 'MERGE' && httpFilterMatch(nameOf(each.config), patch))
        mergeFilter(each, patch, noting);
  // Only now istiod puts the filters back: a panic leaves this connection manager as it was.
  http.filters = copies;
  for (const patch of done) patching.applied(patch);
}

function mergeNetworkFilter(place: Place, filter: FilterModel, patching: Patching): void {
  for (const patch of patching.patchesFor('NETWORK_FILTER')) {
    if (patch.operation !== 'MERGE' || !meets(patch, place, patching)) continue;
    if (!networkFilterMatch(nameOf(filter.config), patch)) continue;
    mergeFilter(filter, patch, patching);
    const given = heldMessage(patch.value?.['typed_config']);
    if (filter.http !== undefined && given?.type === connectionManagerType)
      mergeHttp(filter.http, given.fields, patch);
  }
}

/** The network filters of a chain, then the HTTP filters in them (patchNetworkFilters). */
export function patchNetworkFilters(place: Place, patching: Patching): void {
  const { chain } = place;
  for (const patch of patching.patchesFor('NETWORK_FILTER'))
    if (meets(patch, place, patching))
      chain.filters = changed(chain.filters ?? [], patch, wantedFilter(patch), patching);
  for (const filter of chain.filters ?? []) {
    mergeNetworkFilter(place, filter, patching);
    if (nameOf(filter.config) === connectionManager) patchHttpFilters(place, filter, patching);
  }
}
