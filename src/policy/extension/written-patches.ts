import type { FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { unknownEnvoyFields } from '#mesh/envoy-api.js';
import { connectionManager } from '#policy/filter-chain/envoy-model.js';
import { messageFor } from '#policy/filter-chain/patch/read-patches.js';
import { allChains } from './patched-proxies.js';
import type { PatchedProxies } from './patched-proxies.js';
import { patchesOf } from './patch-facts.js';
import type { Patch } from './patch-facts.js';

/** Something in a patch's value that does not say what it seems to say. */
export interface WrittenFault {
  readonly field: string;
  readonly at: FieldRef;
}

const camel = (name: string): string =>
  name.replaceAll(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());

const valuePlace = ({ at }: Patch): FieldRef => ({
  resource: at.resource,
  path: [...at.path, 'patch', 'value'],
});

function twiceIn(value: JsonValue | undefined, at: FieldRef): readonly WrittenFault[] {
  if (isArray(value))
    return value.flatMap((item, step) => twiceIn(item, { ...at, path: [...at.path, step] }));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = { ...at, path: [...at.path, key] };
    const isTwice = camel(key) !== key && Object.hasOwn(value, camel(key));
    return [...(isTwice ? [{ field: key, at: place }] : []), ...twiceIn(inner, place)];
  });
}

/** Fields that a patch writes in both spellings, of which the JSON name counts (protojson, golang/protobuf jsonpb). */
export function fieldsWrittenTwice(patch: Patch): readonly WrittenFault[] {
  return twiceIn(patch.value, valuePlace(patch));
}

/** Steps of a path in a message, as far as the value has them in either spelling. */
function placeIn(value: JsonObject, names: readonly string[]): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  let here: JsonValue | undefined = value;
  for (const name of names) {
    const step: string | number = isArray(here) ? Number(name) : name;
    const next: JsonValue | undefined = valueAt(here, [step]) ?? valueAt(here, [camel(name)]);
    if (next === undefined) break;
    steps.push(valueAt(here, [step]) === undefined ? camel(name) : step);
    here = next;
  }
  return steps;
}

/** Fields of a patch's value that Envoy's API does not know; those inside of a TypedStruct Envoy refuses instead. */
export function unknownPatchFields(patch: Patch): readonly WrittenFault[] {
  const message = messageFor(patch.applyTo);
  const { value } = patch;
  if (value === undefined || message === undefined) return [];
  return unknownEnvoyFields(value, message).map((field) => {
    const { resource, path } = valuePlace(patch);
    return { field, at: { resource, path: [...path, ...placeIn(value, field.split('.'))] } };
  });
}

const typedOf = (value: JsonObject | undefined): JsonObject | undefined =>
  objectAt(value, 'typed_config') ?? objectAt(value, 'typedConfig');

const mergedKeys: ReadonlySet<string> = new Set(['name', 'typed_config', 'typedConfig']);

/** A part of a MERGE into a filter that changes nothing, or another thing than it seems. */
export interface VoidMerge extends WrittenFault {
  /** `field`: MERGE takes name and configuration only; `default`: a default changes nothing; `name`: the filter is renamed. */
  readonly why: 'field' | 'default' | 'name';
  readonly name: string;
}

/** A name counts where patches and settings go by it: of HTTP filters, and of what holds them. */
function renamed(patch: Patch, target: string): readonly VoidMerge[] {
  const name = stringAt(patch.value, 'name') ?? '';
  const counts = patch.applyTo === 'HTTP_FILTER' || target === connectionManager;
  if (name === '' || target === '' || name === target || !counts) return [];
  const { resource, path } = valuePlace(patch);
  return [{ why: 'name', field: name, name: target, at: { resource, path: [...path, 'name'] } }];
}

/** A filter of the name that fails open all the same. */
function staysOpen(target: string, { proxies }: PatchedProxies): boolean {
  return proxies
    .flatMap(allChains)
    .flatMap(({ httpFilters }) => httpFilters)
    .some(({ name, settings }) => name === target && 'failOpen' in settings && settings.failOpen);
}

/** What a MERGE into a filter does not do (patchHTTPFilter and patchNetworkFilter in listener_patch.go, proto.Merge). */
export function voidMerges(object: Resource, patched: PatchedProxies): readonly VoidMerge[] {
  return patchesOf(object).flatMap((patch) => {
    const isFilter = patch.applyTo === 'HTTP_FILTER' || patch.applyTo === 'NETWORK_FILTER';
    if (!isFilter || patch.operation !== 'MERGE' || patch.value === undefined) return [];
    const target = patch.applyTo === 'HTTP_FILTER' ? patch.httpFilter : patch.networkFilter;
    const { resource, path } = valuePlace(patch);
    const others = Object.keys(patch.value)
      .filter((key) => !mergedKeys.has(key))
      .map((key): VoidMerge => {
        return { why: 'field', field: key, name: target, at: { resource, path: [...path, key] } };
      });
    const typed = typedOf(patch.value);
    const key = ['failure_mode_allow', 'failureModeAllow'].find((name) => typed?.[name] === false);
    const typedKey = objectAt(patch.value, 'typed_config') === undefined ? 'typedConfig' : 'typed_config';
    const defaults: readonly VoidMerge[] =
      key !== undefined && staysOpen(target, patched)
        ? [{ why: 'default', field: key, name: target, at: { resource, path: [...path, typedKey, key] } }]
        : [];
    return [...others, ...defaults, ...renamed(patch, target)];
  });
}
