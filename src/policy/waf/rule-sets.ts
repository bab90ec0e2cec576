import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import { readRules } from './seclang.js';
import type { RuleSet } from './seclang.js';

/** A list of directives of a plugin's configuration, and which requests it judges. */
export interface NamedRuleSet {
  readonly name: string;
  readonly rules: RuleSet;
  /** Hosts that are judged by it; undefined: all that no other set names. */
  readonly hosts: readonly string[] | undefined;
  /** Path of the list inside the configuration; undefined where that is one text. */
  readonly path: FieldPath | undefined;
}

/** How a plugin's configuration judges requests. */
export interface PluginRules {
  readonly sets: readonly NamedRuleSet[];
  /** Why the plugin does not start. */
  readonly fails: string | undefined;
  /** True when requests for hosts that no set names pass unjudged. */
  readonly hasDefault: boolean;
}

const longest = 1_048_576;

function parse(text: string): JsonValue | undefined {
  if (text.length > longest) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The configuration that a plugin is started with, and whether its paths are those of the manifest. */
interface Read {
  readonly value: JsonObject | undefined;
  readonly prefix: FieldPath | undefined;
}

/** Takes off what Envoy wraps a configuration in: a message of JSON as text, a Struct, or a TypedStruct. */
function unwrap(value: JsonValue | undefined): Read {
  if (typeof value === 'string') {
    const parsed = parse(value);
    return { value: isObject(parsed) ? parsed : undefined, prefix: undefined };
  }
  if (!isObject(value)) return { value: undefined, prefix: undefined };
  if (!Object.hasOwn(value, '@type')) return { value, prefix: [] };
  const inner = unwrap(value['value']);
  return { value: inner.value, prefix: inner.prefix && ['value', ...inner.prefix] };
}

/** Texts of a list, or the lines of one text. */
function members(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function read(
  name: string,
  value: JsonValue | undefined,
  rest: Pick<NamedRuleSet, 'hosts' | 'path'>,
): NamedRuleSet {
  return { name, rules: readRules(members(value)), ...rest };
}

const noRules: PluginRules = { sets: [], fails: undefined, hasDefault: false };

/** The configuration of the Wasm module (parsePluginConfiguration in wasmplugin/config.go of coraza-proxy-wasm). */
function ofWasm({ value, prefix }: Read): PluginRules {
  const map = objectAt(value, 'directives_map') ?? {};
  const names = Object.keys(map);
  if (names.length === 0) {
    const rules = valueAt(value, ['rules']);
    if (rules === undefined) return noRules;
    const path = prefix && [...prefix, 'rules'];
    return { sets: [read('rules', rules, { hosts: undefined, path })], fails: undefined, hasDefault: true };
  }
  const standard = stringAt(value, 'default_directives');
  const byHost = Object.entries(objectAt(value, 'per_authority_directives') ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const unnamed = [...(standard === undefined ? [] : [standard]), ...byHost.map(([, name]) => name)].find(
    (name) => !names.includes(name),
  );
  const sets = names.flatMap((name): readonly NamedRuleSet[] => {
    const hosts = byHost.filter(([, own]) => own === name).map(([host]) => host);
    // Sets that nothing refers to are never built.
    if (name !== standard && hosts.length === 0) return [];
    const path = prefix && [...prefix, 'directives_map', name];
    return [read(name, map[name], { hosts: name === standard ? undefined : hosts, path })];
  });
  return {
    sets,
    fails: unnamed === undefined ? undefined : `directives_map has no set ${unnamed}`,
    hasDefault: standard !== undefined,
  };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  const read_ = typeof value === 'string' ? parse(value) : value;
  return isObject(read_) ? read_ : {};
}

/** The configuration of the Go filter: maps that may stand as JSON in texts (README of coraza-envoy-go-filter). */
function ofGolang({ value }: Read): PluginRules {
  const map = objectOf(value?.['directives']);
  const standard = stringAt(value, 'default_directive');
  const byHost = Object.entries(objectOf(value?.['host_directive_map']));
  const sets = Object.entries(map).flatMap(([name, entry]): readonly NamedRuleSet[] => {
    const hosts = byHost.filter(([, own]) => own === name).map(([host]) => host);
    if (name !== standard && hosts.length === 0) return [];
    const lines = listAt(entry, 'simple_directives');
    return [read(name, lines, { hosts: name === standard ? undefined : hosts, path: undefined })];
  });
  return { sets, fails: undefined, hasDefault: standard !== undefined };
}

/** By the configuration's object: one plugin stands in the chains of many proxies. */
const readBefore = {
  wasm: new WeakMap<JsonObject, { readonly rules: PluginRules | undefined }>(),
  golang: new WeakMap<JsonObject, { readonly rules: PluginRules | undefined }>(),
};

/** Reads how a plugin with SecLang directives judges requests; undefined where its configuration can not be read. */
export function pluginRules(
  configuration: JsonValue | undefined,
  kind: 'wasm' | 'golang',
): PluginRules | undefined {
  if (configuration === undefined) return noRules;
  if (!isObject(configuration)) return readPlugin(configuration, kind);
  return getOrMake(readBefore[kind], configuration, () => ({ rules: readPlugin(configuration, kind) })).rules;
}

function readPlugin(configuration: JsonValue, kind: 'wasm' | 'golang'): PluginRules | undefined {
  const read_ = unwrap(configuration);
  if (read_.value === undefined) return undefined;
  return kind === 'wasm' ? ofWasm(read_) : ofGolang(read_);
}
