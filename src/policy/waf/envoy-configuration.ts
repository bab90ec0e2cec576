import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import type { IdleObject } from './inspection.js';
import { writtenFilter } from './objects.js';
import { perContext } from './per-context.js';
import { ruleGaps } from './plugin-gaps.js';
import type { WafProduct } from './product.js';
import { productOfFilter } from './recognise.js';
import { settingsGaps } from './settings-gaps.js';
import type { WafContext } from './waf-context.js';

/** A filter of a product in the configuration of an Envoy that istiod does not configure. */
export interface OwnEnvoyFilter {
  readonly resource: Resource;
  /** The entry of the ConfigMap that holds the configuration. */
  readonly at: FieldRef;
  readonly product: WafProduct;
  readonly filter: ProxyFilter;
}

/** Configurations longer than this are left unread: they are none that somebody wrote. */
const longest = 1_000_000;

/** The HTTP filters of every listener that a bootstrap configures, in the current form and in those before it. */
function httpFilters(bootstrap: JsonValue | undefined): readonly JsonObject[] {
  const listeners = [
    ...listAt(bootstrap, 'static_resources', 'listeners'),
    ...listAt(bootstrap, 'staticResources', 'listeners'),
    ...listAt(bootstrap, 'resources'),
  ];
  const chains = listeners.flatMap((one) => [
    ...listAt(one, 'filter_chains'),
    ...listAt(one, 'filterChains'),
    objectAt(one, 'default_filter_chain'),
  ]);
  return chains
    .flatMap((chain) => listAt(chain, 'filters'))
    .flatMap((filter) => {
      const config = ['typed_config', 'typedConfig', 'config']
        .map((key) => objectAt(filter, key))
        .find((found) => found !== undefined);
      return [...listAt(config, 'http_filters'), ...listAt(config, 'httpFilters')];
    })
    .filter(isObject);
}

function inConfigMap({ mesh, products }: WafContext, resource: Resource): readonly OwnEnvoyFilter[] {
  const data = objectAt(resource.object, 'data') ?? {};
  return Object.keys(data).flatMap((key) => {
    const text = stringAt(data, key);
    if (text === undefined || text.length > longest || !/static_?resources|http_?filters/i.test(text))
      return [];
    const at: FieldRef = { resource, path: ['data', key] };
    return httpFilters(mesh.parseYaml(text)).flatMap((value): readonly OwnEnvoyFilter[] => {
      const filter = writtenFilter(value, at);
      const product = productOfFilter(products, filter);
      return product === undefined ? [] : [{ resource, at, product, filter }];
    });
  });
}

/** Filters of products in ConfigMaps that hold the configuration of an Envoy of one's own. */
export const ownEnvoyFilters = perContext((context): readonly OwnEnvoyFilter[] =>
  context.mesh.ofKind('', 'ConfigMap').flatMap((resource) => inConfigMap(context, resource)),
);

/** How those filters fall short by their own settings. */
export const ownEnvoyGaps = perContext((context): readonly IdleObject[] =>
  ownEnvoyFilters(context).flatMap(({ resource, at, product, filter }) =>
    [...settingsGaps(context, { filter, product }, true), ...ruleGaps(context, { filter, product })].map(
      // What stands inside of a text has no place of its own.
      (gap) => ({ resource, gap: { ...gap, at } }),
    ),
  ),
);
