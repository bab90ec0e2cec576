import type { FieldPath, FieldRef } from '#documents/document.js';
import { isArray, isObject, listAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';

function camelOf(name: string): string {
  return name.replace(/_([a-z\d])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The spelling of a field that an object uses; of both the JSON name counts, as protobuf reads it. */
function spelling(value: JsonValue | undefined, name: string): string | undefined {
  if (!isObject(value)) return undefined;
  return [camelOf(name), name].find((key) => Object.hasOwn(value, key));
}

/** Follows snake_case steps as far as they are written. */
function follow(
  root: JsonValue | undefined,
  steps: FieldPath,
): { readonly path: FieldPath; readonly whole: boolean } {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of steps) {
    const key =
      typeof step === 'number'
        ? isArray(value) && step < value.length
          ? step
          : undefined
        : spelling(value, step);
    if (key === undefined) return { path, whole: false };
    path.push(key);
    value = valueAt(value, [key]);
  }
  return { path, whole: true };
}

interface FoundField {
  readonly at: FieldRef;
  readonly whole: boolean;
}

/** A field of the configuration in a patch's value: inside `typed_config`, and inside `value` of a TypedStruct. */
function inPatch(patch: FieldRef, steps: FieldPath): FoundField {
  const root = valueAt(patch.resource.object, [...patch.path, 'patch', 'value']);
  const config = spelling(root, 'typed_config');
  if (config === undefined) return { at: patch, whole: false };
  const base = [...patch.path, 'patch', 'value', config];
  const typed = valueAt(root, [config]);
  const inner =
    spelling(typed, 'type_url') !== undefined && isObject(valueAt(typed, ['value'])) ? ['value'] : [];
  const { path, whole } = follow(valueAt(typed, inner), steps);
  return { at: { resource: patch.resource, path: [...base, ...inner, ...path] }, whole };
}

/** Fields of a WasmPlugin (or of `wasm` in a TrafficExtension) by those of the filter's configuration that they become. */
const pluginFields: Readonly<Record<string, string>> = {
  failure_policy: 'failStrategy',
  fail_open: 'failStrategy',
  vm_config: 'url',
  configuration: 'pluginConfig',
};

function inPlugin(plugin: FieldRef, steps: FieldPath): FoundField {
  const { resource } = plugin;
  const base = resource.kind === 'TrafficExtension' ? ['spec', 'wasm'] : ['spec'];
  const field = pluginFields[String(steps[1])];
  const path = field === undefined ? base : [...base, field];
  const whole = field !== undefined && valueAt(resource.object, path) !== undefined;
  return { at: { resource, path: whole ? path : base }, whole };
}

/** Fields of an extension provider by those of the filter's configuration that they become. */
export const providerFields: Readonly<Record<string, string>> = {
  failure_mode_allow: 'failOpen',
  with_request_body: 'includeRequestBodyInCheck',
  grpc_service: 'service',
  http_service: 'service',
};

/** The extension provider that a CUSTOM policy names, as the mesh configuration has it; of several of one name the last. */
export function providerField(mesh: Mesh, name: string, field?: string): FieldRef | undefined {
  const providers = listAt(mesh.settings.config, 'extensionProviders');
  const index = providers.findLastIndex((one) => stringAt(one, 'name') === name);
  const kind = ['envoyExtAuthzGrpc', 'envoyExtAuthzHttp'].find((one) =>
    isObject(valueAt(providers[index], [one])),
  );
  if (index < 0 || kind === undefined) return undefined;
  const path: FieldPath = ['extensionProviders', index];
  const own = field === undefined ? undefined : mesh.settings.fieldOf([...path, kind, field]);
  return own ?? mesh.settings.fieldOf([...path, kind]) ?? mesh.settings.fieldOf(path);
}

function inProvider(mesh: Mesh, policy: FieldRef, steps: FieldPath): FoundField {
  const name = stringAt(policy.resource.object, 'spec', 'provider', 'name') ?? '';
  const at = providerField(mesh, name, providerFields[String(steps[0])]);
  return at === undefined ? { at: policy, whole: false } : { at, whole: true };
}

function inObject(mesh: Mesh, at: FieldRef, steps: FieldPath): FoundField {
  if (at.resource.kind === 'EnvoyFilter') return inPatch(at, steps);
  return at.resource.kind === 'AuthorizationPolicy' ? inProvider(mesh, at, steps) : inPlugin(at, steps);
}

/**
 * Where a field of a filter's configuration is written, by its steps in snake_case: in the patch that set it last, in either
 * spelling, inside a TypedStruct, in the plugin or in the extension provider. Where it is not written, the nearest that is.
 */
export function fieldOf(mesh: Mesh, filter: ProxyFilter, steps: FieldPath): FieldRef | undefined {
  const own = filter.discovery?.at ?? filter.addedBy;
  if (own === undefined) return undefined;
  const found = [...[...filter.changedBy].reverse(), own].map((at) => inObject(mesh, at, steps));
  return (found.find(({ whole }) => whole) ?? found.at(-1))?.at;
}
