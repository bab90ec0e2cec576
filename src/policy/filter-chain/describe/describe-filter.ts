import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type { FilterModel } from '#policy/filter-chain/envoy-model.js';
import type { DiscoveredConfiguration, ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { heldMessage, messageNameOf } from '#policy/filter-chain/message/read-message.js';
import type { HeldMessage } from '#policy/filter-chain/message/read-message.js';
import type { ProxyConfig } from '#policy/filter-chain/proxy-config.js';
import { readSettings } from './read-settings.js';

/** What of a proxy's configuration a filter depends on. */
export type FilterSurroundings = Pick<ProxyConfig, 'delivered' | 'hasCluster'>;

function isZero(duration: string | undefined): boolean {
  return duration !== undefined && Number.parseFloat(duration) === 0;
}

function discoveryOf(
  filter: JsonObject,
  discovery: JsonObject,
  { delivered }: FilterSurroundings,
): DiscoveredConfiguration {
  const found = delivered.get(nameOf(filter));
  const allowed = stringsAt(discovery, 'type_urls').map(messageNameOf);
  const type = found && messageNameOf(stringAt(found.config, 'typed_config', '@type') ?? '');
  const inner = heldMessage(found?.config['typed_config'])?.type;
  return {
    resolved: found !== undefined,
    typeAllowed:
      type === undefined || allowed.includes(type) || (inner !== undefined && allowed.includes(inner)),
    waitsForEver: isZero(stringAt(discovery, 'config_source', 'initial_fetch_timeout')),
    at: found?.by,
  };
}

/** The configuration that a filter runs with: its own, or the one that is delivered for it. */
export function configurationOf(
  { config }: FilterModel,
  { delivered }: FilterSurroundings,
): HeldMessage | undefined {
  if (objectAt(config, 'config_discovery') === undefined) return heldMessage(config['typed_config']);
  return heldMessage(delivered.get(nameOf(config))?.config['typed_config']);
}

/** Filters that istiod sends with an empty configuration. */
const emptyByNature: ReadonlyMap<string, string> = new Map([
  ['envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router'],
  ['envoy.filters.http.cors', 'envoy.extensions.filters.http.cors.v3.Cors'],
  ['envoy.filters.http.fault', 'envoy.extensions.filters.http.fault.v3.HTTPFault'],
]);

/** True for a filter that a patch brings in the very form in which istiod sends it. */
function isTwin(config: JsonObject): boolean {
  const held = heldMessage(config['typed_config']);
  const type = emptyByNature.get(nameOf(config));
  const bare =
    Object.keys(config).length === 2 && held !== undefined && Object.keys(held.fields).length === 1;
  return type !== undefined && held?.type === type && !held.typedStruct && bare;
}

/** True when neither the filter nor any HTTP filter in it is other than istiod's. */
function isPlain({ config, stock, http }: FilterModel): boolean {
  if (!stock) return isTwin(config);
  return http === undefined || (http.filters.every((each) => each.stock) && http.routes?.changed !== true);
}

/** Tells what a filter is and does. */
export function describeFilter(filter: FilterModel, surroundings: FilterSurroundings): ProxyFilter {
  const { config, by, changedBy } = filter;
  const discovery = objectAt(config, 'config_discovery');
  const held = configurationOf(filter, surroundings);
  const { settings, cluster } = readSettings(filter.stock ? undefined : held);
  return {
    name: nameOf(config),
    stock: isPlain(filter),
    type: held?.type,
    typedStruct: held?.typedStruct ?? false,
    disabled: valueAt(config, ['disabled']) === true,
    optional: valueAt(config, ['is_optional']) === true,
    discovery: discovery && discoveryOf(config, discovery, surroundings),
    settings,
    cluster,
    clusterExists: cluster === undefined ? undefined : surroundings.hasCluster(cluster),
    addedBy: by,
    changedBy,
  };
}

/** Filters inside a chain's connection manager; undefined where it has none. */
export function httpFiltersOf(filters: readonly FilterModel[]): readonly FilterModel[] | undefined {
  const http = filters.find((filter) => filter.http !== undefined)?.http;
  return http?.filters;
}

/** Names in a list of messages. */
export function namesIn(value: JsonObject, list: string): readonly string[] {
  return listAt(value, list).flatMap((member) => stringAt(member, 'name') ?? []);
}
