import type { FieldRef, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { stringAt, valueAt } from '#documents/json.js';
import type { RouteOverride } from '#policy/filter-chain/filter-chain.js';
import { allChains, outcomeAt } from './patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from './patched-proxies.js';

/** Where in a patch's value the settings of a filter for routes stand; the patch itself where they are not found. */
function settingsPath(value: JsonValue | undefined, key: string): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of ['typed_per_filter_config', 'typedPerFilterConfig'])
    if (valueAt(value, [name, key]) !== undefined) return [name, key];
  for (const [step, inner] of Object.entries(value)) {
    const found = settingsPath(inner, key);
    if (found !== undefined) return [Array.isArray(value) ? Number(step) : step, ...found];
  }
  return undefined;
}

/** A setting of routes for a filter that no route obeys. */
export interface VoidSetting {
  /** `absent`: no chain has a filter of the name; `type`: the filter of the name does not read this kind. */
  readonly why: 'absent' | 'type';
  readonly filter: string;
  readonly at: FieldRef;
}

function voidSetting(object: Resource, settings: readonly RouteOverride[]): VoidSetting | undefined {
  const [first] = settings;
  if (first?.by === undefined || settings.some(({ filterPresent, typeFits }) => filterPresent && typeFits))
    return undefined;
  const start = [...first.by.path, 'patch', 'value'];
  const inner = settingsPath(valueAt(object.object, start), first.filter);
  return {
    why: settings.some(({ filterPresent }) => filterPresent) ? 'type' : 'absent',
    filter: first.filter,
    at: inner === undefined ? first.by : { resource: object, path: [...start, ...inner] },
  };
}

/** The settings of routes for filters that an EnvoyFilter writes and that are obeyed nowhere. */
export function voidSettings(object: Resource, { proxies }: PatchedProxies): readonly VoidSetting[] {
  const groups = new Map<string, RouteOverride[]>();
  for (const override of proxies.flatMap(allChains).flatMap(({ overrides }) => overrides)) {
    if (override.by?.resource !== object) continue;
    const key = JSON.stringify([override.by.path, override.filter]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [override]);
    else group.push(override);
  }
  return [...groups.values()].flatMap((settings) => voidSetting(object, settings) ?? []);
}

/** A cluster that a patch adds and that proxies do not get, since they have one of that name. */
export interface TakenCluster {
  readonly name: string;
  readonly at: FieldRef;
  /** What brought the one that they have; undefined: Istio. */
  readonly owner: Resource | undefined;
}

function assignmentOf(at: FieldRef): string {
  const value = valueAt(at.resource.object, [...at.path, 'patch', 'value']);
  return JSON.stringify([valueAt(value, ['load_assignment']), valueAt(value, ['loadAssignment'])]);
}

function takenAt(object: Resource, index: number, proxy: PatchedProxy): TakenCluster | undefined {
  const at: FieldRef = { resource: object, path: ['spec', 'configPatches', index] };
  const name = stringAt(object.object, ...at.path, 'patch', 'value', 'name');
  if (name === undefined || outcomeAt(proxy, object, index)?.outcome !== 'no-match') return undefined;
  const own = proxy.chains.clusters.find((cluster) => cluster.name === name);
  const isIstios = own?.origin === 'istio' || (own === undefined && /^(?:in|out)bound\|/.test(name));
  if (isIstios) return { name, at, owner: undefined };
  if (own?.at === undefined || own.origin === 'missing') return undefined;
  return assignmentOf(own.at) === assignmentOf(at) ? undefined : { name, at, owner: own.at.resource };
}

/** The cluster of `spec.configPatches[index]` where proxies have another one of its name. */
export function takenCluster(
  object: Resource,
  index: number,
  { proxies }: PatchedProxies,
): TakenCluster | undefined {
  if (stringAt(object.object, 'spec', 'configPatches', index, 'applyTo') !== 'CLUSTER') return undefined;
  if (
    !/^ADD$|^INSERT/.test(stringAt(object.object, 'spec', 'configPatches', index, 'patch', 'operation') ?? '')
  )
    return undefined;
  for (const proxy of proxies) {
    const taken = takenAt(object, index, proxy);
    if (taken !== undefined) return taken;
  }
  return undefined;
}
