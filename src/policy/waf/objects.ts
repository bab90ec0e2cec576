import type { FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { describeFilter } from '#policy/filter-chain/describe/describe-filter.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import type { LuaSettings } from '#policy/filter-chain/filter-settings.js';
import { luaOutline } from '#policy/filter-chain/lua/lua-outline.js';
import { filterOf } from '#policy/filter-chain/model-of-value.js';
import { isHeld, readPatches } from '#policy/filter-chain/patch/read-patches.js';
import type { WafProduct } from './product.js';
import { productCalled } from './called-agent.js';
import { perContext } from './per-context.js';
import { productOfFilter } from './recognise.js';
import type { WafContext } from './waf-context.js';

/** A part of an object that is to put a product's filter somewhere, whether or not it does. */
export interface WafObject {
  readonly resource: Resource;
  readonly product: WafProduct;
  /** The patch; of a plugin its `spec`. */
  readonly at: FieldRef;
  /** The filter as it is written. */
  readonly filter: ProxyFilter;
}

const surroundings = { delivered: new Map<string, never>(), hasCluster: () => false };

const deepest = 12;

/** The first text under one of some keys, whatever its place: in forms that no reading knows any more. */
function textUnder(value: JsonValue | undefined, keys: ReadonlySet<string>, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  if (isArray(value))
    return value.map((one) => textUnder(one, keys, depth + 1)).find((found) => found !== undefined);
  if (!isObject(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && keys.has(key)) return inner;
    const found = textUnder(inner, keys, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const clusterKeys: ReadonlySet<string> = new Set(['cluster_name', 'clusterName']);
const addressKeys: ReadonlySet<string> = new Set(['target_uri', 'targetUri']);
const scriptKeys: ReadonlySet<string> = new Set(['inline_code', 'inlineCode', 'inline_string']);

function scriptIn(value: JsonObject): LuaSettings | undefined {
  const code = textUnder(value, scriptKeys);
  if (code === undefined) return undefined;
  return { kind: 'lua', code, file: undefined, ...luaOutline(code), namedSources: [] };
}

/** The filter of a patch as written, also where neither istiod nor Envoy reads it any more (untyped, v2). */
export function writtenFilter(value: JsonObject, at: FieldRef): ProxyFilter {
  const filter = describeFilter(filterOf(value, at), surroundings);
  if (filter.cluster !== undefined || filter.settings.kind !== 'other') return filter;
  return {
    ...filter,
    cluster: textUnder(value, clusterKeys),
    settings: scriptIn(value) ?? filter.settings,
  };
}

const puts: ReadonlySet<string> = new Set([
  'ADD',
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'REPLACE',
  'MERGE',
]);

function ofEnvoyFilter(context: WafContext, resource: Resource): readonly WafObject[] {
  const { products } = context;
  const raw = listAt(resource.object, 'spec', 'configPatches');
  return readPatches(resource).flatMap((patch, index): readonly WafObject[] => {
    const entry = raw[index];
    const applyTo = stringAt(entry, 'applyTo') ?? '';
    if (applyTo !== 'HTTP_FILTER' && applyTo !== 'EXTENSION_CONFIG') return [];
    if (!puts.has(stringAt(entry, 'patch', 'operation') ?? '')) return [];
    // What istiod drops on reading is only in the manifest.
    const read = isHeld(patch) ? patch.value : undefined;
    const forms = [read, objectAt(entry, 'patch', 'value')].filter((value) => value !== undefined);
    for (const value of forms) {
      const filter = writtenFilter(value, patch.at);
      const called = textUnder(value, addressKeys);
      const marked = productOfFilter(products, filter, called === undefined ? [] : [called]);
      const product =
        marked ?? productCalled(context, resource, filter) ?? productOfRules(products, filter, value);
      if (product !== undefined) return [{ resource, product, at: patch.at, filter }];
    }
    return [];
  });
}

const wasmType = 'envoy.extensions.filters.http.wasm.v3.Wasm';

function pluginValue(resource: Resource): JsonObject {
  const lua = objectAt(resource.object, 'spec', 'lua');
  const isPlugin = resource.kind === 'WasmPlugin';
  const prefix = 'type.googleapis.com/';
  if (!isPlugin && lua !== undefined) {
    const code = stringAt(lua, 'inlineCode') ?? '';
    const config = { '@type': `${prefix}envoy.extensions.filters.http.lua.v3.Lua`, inline_code: code };
    return { name: resource.name, typed_config: config };
  }
  const spec = isPlugin ? ['spec'] : ['spec', 'wasm'];
  const url = stringAt(resource.object, ...spec, 'url') ?? '';
  const isOpen = stringAt(resource.object, ...spec, 'failStrategy') === 'FAIL_OPEN';
  const uri = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(url) ? url : `oci://${url}`;
  const code = { remote: { http_uri: { uri, cluster: '_' } } };
  return {
    name: resource.name,
    typed_config: {
      '@type': `${prefix}${wasmType}`,
      config: { vm_config: { code }, failure_policy: isOpen ? 'FAIL_OPEN' : 'FAIL_CLOSED' },
    },
  };
}

/** Words that only rules for web application firewalls have: a module of any name that reads them is an engine for them. */
const ruleWords = /\bdirectives_map\b|\bSecRuleEngine\b|@owasp_crs/;

/** The product whose rules a Wasm module is configured with, where its address says nothing. */
function productOfRules(
  products: readonly WafProduct[],
  { settings }: ProxyFilter,
  configured: JsonValue | undefined,
): WafProduct | undefined {
  if (settings.kind !== 'wasm' || configured === undefined) return undefined;
  return ruleWords.test(JSON.stringify(configured))
    ? products.find(({ rules }) => rules === 'seclang')
    : undefined;
}

function ofPlugin({ products }: WafContext, resource: Resource): readonly WafObject[] {
  const at: FieldRef = { resource, path: ['spec'] };
  const filter = writtenFilter(pluginValue(resource), at);
  const spec = resource.kind === 'WasmPlugin' ? ['spec'] : ['spec', 'wasm'];
  const configured = objectAt(resource.object, ...spec, 'pluginConfig');
  const product = productOfFilter(products, filter) ?? productOfRules(products, filter, configured);
  return product === undefined ? [] : [{ resource, product, at, filter }];
}

const plugins: readonly string[] = ['WasmPlugin', 'TrafficExtension'];

/** Every patch and plugin of the input that belongs to a product, in input order of each kind. */
export const wafObjects = perContext((context): readonly WafObject[] => {
  const { mesh } = context;
  const all = [
    ...mesh.ofKind('networking.istio.io', 'EnvoyFilter'),
    ...plugins.flatMap((kind) => mesh.ofKind('extensions.istio.io', kind)),
    ...mesh.refused.filter(
      ({ kind, group }) =>
        kind === 'EnvoyFilter' || (plugins.includes(kind) && group === 'extensions.istio.io'),
    ),
  ];
  return all.flatMap((one) =>
    one.kind === 'EnvoyFilter' ? ofEnvoyFilter(context, one) : ofPlugin(context, one),
  );
});

const byPlace = perContext((context): ReadonlyMap<string, WafObject> => {
  return new Map(wafObjects(context).map((one) => [placeKey(one.at), one]));
});

/** A key for a place in an object. */
export function placeKey({ resource, path }: FieldRef): string {
  return JSON.stringify([resource.kind, resource.origin, resource.namespace, resource.name, path]);
}

/** The product of the patch or plugin at a place; undefined: of none. */
export function productAt(context: WafContext, at: FieldRef | undefined): WafProduct | undefined {
  if (at === undefined || wafObjects(context).length === 0) return undefined;
  return byPlace(context).get(placeKey(at))?.product;
}
