import type { FieldRef } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { formerAnchor, patchesOf } from '#policy/extension/patch-facts.js';
import { patchedProxies } from '#policy/extension/patched-proxies.js';
import type { WasmSettings } from '#policy/filter-chain/filter-settings.js';
import { isHeld, readPatches } from '#policy/filter-chain/patch/read-patches.js';
import { gapOf } from './gap.js';
import { frontsOf } from './front/fronts.js';
import type { IdleObject, InspectionGap } from './inspection.js';
import { wafObjects } from './objects.js';
import type { WafObject } from './objects.js';
import { perContext } from './per-context.js';
import { hasPlaceholder, holdsPlaceholder } from './placeholder.js';
import { ruleGaps, wasmGaps } from './plugin-gaps.js';
import type { FrontMark } from './product.js';
import { settingsGaps } from './settings-gaps.js';
import type { WafContext } from './waf-context.js';

function inert(one: WafObject, how: string, at: FieldRef): readonly InspectionGap[] {
  return [gapOf('inert-form', one.product, { at, note: how, data: { how } })];
}

/** Forms that no supported release of Istio takes: read from the patch alone, whatever proxy it was for. */
function formGaps(one: WafObject): readonly InspectionGap[] {
  const { resource, at } = one;
  if (resource.kind !== 'EnvoyFilter') return [];
  const index = at.path[2];
  const number = typeof index === 'number' ? index : -1;
  const patch = patchesOf(resource)[number];
  const held = readPatches(resource)[number];
  const anchor = patch && formerAnchor(patch);
  const value = patch?.value;
  if (anchor !== undefined)
    return inert(one, `its anchor ${anchor.name} is a name that Istio compares no more`, anchor.at);
  if (held !== undefined && !isHeld(held) && !holdsPlaceholder(value))
    return inert(one, `istiod can not read it: ${held.reason}`, at);
  const typed = ['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery'];
  const isUntyped = isObject(value) && 'config' in value && !typed.some((key) => key in value);
  if (!isUntyped || patch?.applyTo !== 'HTTP_FILTER') return [];
  const where = { resource, path: [...at.path, 'patch', 'value', 'config'] };
  return inert(one, 'its configuration is untyped (config), which Envoy no longer reads', where);
}

/** The entry of a patch's value that switches a filter off for the routes that the patch meets. */
function switchesOff(value: JsonObject | undefined, filter: string): boolean {
  const entries = objectAt(value, 'typed_per_filter_config') ?? objectAt(value, 'typedPerFilterConfig');
  const entry: JsonValue | undefined = valueAt(entries, [filter]);
  return valueAt(entry, ['disabled']) === true;
}

/** What a patch of routes is for, for people. */
function routesOf(match: JsonValue | undefined): string {
  const vhost = ['routeConfiguration', 'vhost'];
  const names = [stringAt(match, ...vhost, 'name'), stringAt(match, ...vhost, 'route', 'name')];
  return names.filter((name) => name !== undefined).join(', route ') || 'every route that it meets';
}

const ofRoutes: ReadonlySet<string> = new Set(['HTTP_ROUTE', 'VIRTUAL_HOST', 'ROUTE_CONFIGURATION']);

/** Routes for which a patch of the same object switches the filter off. */
function routeGaps({ resource, filter, product }: WafObject): readonly InspectionGap[] {
  if (resource.kind !== 'EnvoyFilter') return [];
  const patches = patchesOf(resource).filter(
    ({ applyTo, value }) => ofRoutes.has(applyTo) && switchesOff(value, filter.name),
  );
  const entries = listAt(resource.object, 'spec', 'configPatches');
  return patches.map(({ at }) => {
    const routes = routesOf(objectAt(entries[Number(at.path[2])], 'match'));
    const note = `switched off for ${routes}`;
    return gapOf('disabled-on-route', product, { at, note, data: { routes }, reach: 'some' });
  });
}

/** A plugin's failStrategy, which istiod makes the filter's policy on failure of. */
function pluginSettings({ resource: { kind, object } }: WafObject, settings: WasmSettings): WasmSettings {
  if (kind !== 'WasmPlugin' && kind !== 'TrafficExtension') return settings;
  const written = stringAt(object, 'spec', ...(kind === 'WasmPlugin' ? [] : ['wasm']), 'failStrategy');
  return written === 'FAIL_OPEN' ? { ...settings, failOpen: true, failurePolicy: 'FAIL_OPEN' } : settings;
}

/** How an object of a product falls short by what it says itself, wherever it is applied. */
export function gapsOfObject(context: WafContext, one: WafObject): readonly InspectionGap[] {
  const { filter, product } = one;
  const form = formGaps(one);
  if (form.length > 0) return form;
  const own = { filter, product };
  const { settings } = filter;
  return [
    ...settingsGaps(context, own, true),
    ...(settings.kind === 'wasm' ? wasmGaps(context, own, pluginSettings(one, settings)) : []),
    ...ruleGaps(context, own),
    ...routeGaps(one),
  ];
}

/** True for objects that manifests do not tie to a way in. */
function isLoose({ covers }: FrontMark): boolean {
  return covers === undefined || covers === 'own-engines' || covers === 'unseen';
}

/**
 * How objects fall short whose proxies the input does not hold: a filter or plugin alone in a repository, a policy of
 * something in front that the manifests tie to no way in. What the object itself says holds wherever it is applied.
 */
export const writtenGaps = perContext((context): readonly IdleObject[] => {
  const { mesh, policies } = context;
  const loose = frontsOf(context)
    .all.filter(({ mark }) => mark.kinds !== undefined && (mesh.scope === 'partial' || isLoose(mark)))
    .flatMap(({ resource, engine }) => engine.gaps.map((gap) => ({ resource, gap })));
  if (mesh.scope === 'complete') return loose;
  const alone = wafObjects(context).filter(
    ({ resource }) =>
      (!mesh.refused.includes(resource) || hasPlaceholder(mesh, resource)) &&
      patchedProxies(policies, resource).proxies.length === 0,
  );
  return [
    ...alone.flatMap((one) => gapsOfObject(context, one).map((gap) => ({ resource: one.resource, gap }))),
    ...loose,
  ];
});
