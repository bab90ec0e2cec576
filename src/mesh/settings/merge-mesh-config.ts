import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';

/** The members that are set: null means absent to Istio's reader. */
function written(object: JsonObject | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(object ?? {}).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** Second over first, member by member, without looking inside. */
function overlay(first: JsonObject | undefined, second: JsonObject | undefined): JsonObject {
  return { ...written(first), ...written(second) };
}

function overlayAt(first: JsonObject | undefined, second: JsonObject | undefined, field: string): JsonObject {
  const [below, above] = [objectAt(first, field), objectAt(second, field)];
  return below === undefined && above === undefined ? {} : { [field]: overlay(below, above) };
}

/** Fields of ProxyConfig replace each other whole, but for proxyMetadata and proxyHeaders, which merge. */
function mergeProxyConfig(first: JsonObject | undefined, second: JsonObject | undefined): JsonObject {
  const headers = second?.['proxyHeaders'] === undefined ? {} : overlayAt(first, second, 'proxyHeaders');
  return { ...overlay(first, second), ...overlayAt(first, second, 'proxyMetadata'), ...headers };
}

/** One provider a name, in the place of its first definition and with the content of its last. */
function mergeProviders(providers: readonly JsonValue[]): readonly JsonValue[] {
  const byName = new Map<string, JsonValue>();
  for (const provider of providers) {
    if (isObject(provider)) byName.set(stringAt(provider, 'name') ?? '', provider);
  }
  return [...byName.values()];
}

function mergeLists(first: JsonObject, second: JsonObject): JsonObject {
  const providers = [...listAt(first, 'extensionProviders'), ...listAt(second, 'extensionProviders')];
  const aliases = new Set([
    ...stringsAt(first, 'trustDomainAliases'),
    ...stringsAt(second, 'trustDomainAliases'),
  ]);
  return {
    ...(providers.length > 0 && { extensionProviders: mergeProviders(providers) }),
    ...(aliases.size > 0 && { trustDomainAliases: [...aliases].sort(compareText) }),
  };
}

/**
 * Applies one MeshConfig over another as istiod does: a field replaces the earlier one whole, but defaultConfig and
 * defaultProviders merge field by field, extensionProviders by name (the last definition wins), and
 * trustDomainAliases unite (ApplyMeshConfig in pkg/config/mesh/mesh.go). An empty outboundTrafficPolicy replaces the
 * default too and means REGISTRY_ONLY, the enum's zero value.
 */
export function applyMeshConfig(base: JsonObject, config: JsonObject): JsonObject {
  const [first, second] = [written(base), written(config)];
  const proxyConfig = mergeProxyConfig(objectAt(first, 'defaultConfig'), objectAt(second, 'defaultConfig'));
  const outbound = objectAt(second, 'outboundTrafficPolicy');
  return {
    ...first,
    ...second,
    ...mergeLists(first, second),
    ...overlayAt(first, second, 'defaultProviders'),
    ...(Object.keys(proxyConfig).length > 0 && { defaultConfig: proxyConfig }),
    ...(outbound && { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', ...written(outbound) } }),
  };
}
