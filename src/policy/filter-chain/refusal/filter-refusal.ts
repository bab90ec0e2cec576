import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { envoyObjectProblem, unknownEnvoyFields } from '#mesh/envoy-api.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type { FilterModel } from '#policy/filter-chain/envoy-model.js';
import type { ListenerRefusal, RefusalReason } from '#policy/filter-chain/filter-chain.js';
import { parseLua } from '#policy/filter-chain/lua/lua-syntax.js';
import { heldMessage, messageNameOf } from '#policy/filter-chain/message/read-message.js';
import type { HeldMessage } from '#policy/filter-chain/message/read-message.js';
import { filterConstraints, speaksV2 } from './constraints.js';
import { isIstioFilter, knowledgeOf } from './filter-types.js';
import { ruleProblem } from './rule-problem.js';

/** The patch that is to blame for a filter as it is. */
export function blameOf({ by, changedBy }: FilterModel): ListenerRefusal['at'] {
  return changedBy.at(-1) ?? by;
}

function refusal(filter: FilterModel, reason: RefusalReason, text: string, certain = true): ListenerRefusal {
  return { reason, text, at: blameOf(filter), certain };
}

const luaType = 'envoy.extensions.filters.http.lua.v3.Lua';

/** Libraries that LuaJIT brings along. */
const builtIn: ReadonlySet<string> = new Set([
  '_G',
  'bit',
  'coroutine',
  'debug',
  'ffi',
  'io',
  'jit',
  'math',
  'os',
  'package',
  'string',
  'table',
]);

function scriptsOf(fields: JsonObject): readonly string[] {
  const named = Object.values(objectAt(fields, 'source_codes') ?? {});
  const texts = [fields['inline_code'], stringAt(fields, 'default_source_code', 'inline_string')];
  return [...texts, ...named.map((source) => stringAt(source ?? null, 'inline_string'))].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
}

/** Scripts are loaded with the listener: what LuaJIT does not take is refused with it. */
function luaRefusal(filter: FilterModel, fields: JsonObject): ListenerRefusal | undefined {
  for (const script of scriptsOf(fields)) {
    const { problem, requiredAtLoad } = parseLua(script);
    if (problem !== undefined) return refusal(filter, 'lua-syntax', `script load error: ${problem}`);
    const module = requiredAtLoad.find((name) => !builtIn.has(name));
    if (module !== undefined)
      return refusal(filter, 'lua-module', `script load error: module '${module}' not found`, false);
  }
  return undefined;
}

function unregistered(name: string, type: string): string {
  return `no implementation is registered for '${name}' with type URL '${type}'`;
}

/** What a TypedStruct holds is read strictly: an unknown name or a wrong value is refused. */
function structRefusal(filter: FilterModel, type: string): ListenerRefusal | undefined {
  const typed = objectAt(filter.config, 'typed_config');
  const value = objectAt(typed, 'value') ?? {};
  const problem = envoyObjectProblem(value, type);
  if (problem !== undefined) return refusal(filter, 'invalid-value', `TypedStruct of ${type}: ${problem}`);
  const [field] = unknownEnvoyFields(value, type);
  if (field === undefined) return undefined;
  return refusal(filter, 'unknown-field', `TypedStruct of ${type}: no such field: ${field}`);
}

function typeRefusal(
  filter: FilterModel,
  held: HeldMessage,
  chain: 'http' | 'network',
): ListenerRefusal | undefined {
  const name = nameOf(filter.config);
  const { type } = held;
  if (/\.v2(?:alpha\d*)?\.|^envoy\.(?:config\.filter|api\.v2)\./.test(type))
    return refusal(filter, 'v2-api', `${unregistered(name, type)}: the v2 API is gone`);
  const knowledge = knowledgeOf(type, chain);
  if (knowledge === 'known') return undefined;
  return refusal(filter, 'unknown-type', unregistered(name, type), knowledge === 'unknown');
}

function valueRefusal(filter: FilterModel, held: HeldMessage): ListenerRefusal | undefined {
  const { type, fields } = held;
  if (type.endsWith('.ExtAuthz') && speaksV2(fields))
    return refusal(filter, 'v2-api', 'transport_api_version V2: the v2 API is gone');
  // Of what plugins and policies make istiod send only outlines are held here.
  const isWhole = filter.by?.resource.kind === 'EnvoyFilter';
  const problem = filterConstraints.get(type)?.(fields) ?? (isWhole ? ruleProblem(fields, type) : undefined);
  if (problem === undefined) return type === luaType ? luaRefusal(filter, fields) : undefined;
  const noService = type.endsWith('.ExternalProcessor') && problem.includes('grpc_service and http_service');
  return refusal(filter, noService ? 'no-service' : 'invalid-value', `${type}: ${problem}`);
}

function discoveryRefusal(filter: FilterModel, discovery: JsonObject): ListenerRefusal | undefined {
  const source = objectAt(discovery, 'config_source');
  const kinds = ['path', 'path_config_source', 'api_config_source', 'ads', 'self'];
  if (
    source === undefined ||
    !kinds.some((kind) => isObject(source[kind]) || typeof source[kind] === 'string')
  )
    return refusal(filter, 'invalid-value', 'config_discovery.config_source is needed');
  const types = listAt(discovery, 'type_urls');
  if (types.length === 0)
    return refusal(filter, 'invalid-value', 'config_discovery.type_urls must not be empty');
  const unknown = types
    .map((url) => (typeof url === 'string' ? messageNameOf(url) : ''))
    .find((type) => knowledgeOf(type, 'http') !== 'known' && knowledgeOf(type, 'network') !== 'known');
  return unknown === undefined
    ? undefined
    : refusal(
        filter,
        'unknown-type',
        unregistered(nameOf(filter.config), unknown),
        knowledgeOf(unknown, 'http') === 'unknown',
      );
}

/** True when Envoy leaves a filter out that it does not know. */
export function isLeftOut({ config }: FilterModel, found: ListenerRefusal | undefined): boolean {
  const optional = valueAt(config, ['is_optional']) === true;
  return optional && (found?.reason === 'no-type' || found?.reason === 'unknown-type');
}

/** Why Envoy refuses a filter that a patch brought or changed; undefined when it takes it. */
export function filterRefusal(filter: FilterModel, chain: 'http' | 'network'): ListenerRefusal | undefined {
  const { config, stock, by } = filter;
  const name = nameOf(config);
  // Of what istiod sends only name and type are known here.
  if (stock || by === undefined || isIstioFilter(name)) return undefined;
  if (name === '') return refusal(filter, 'no-name', 'a filter has no name');
  const discovery = objectAt(config, 'config_discovery');
  if (discovery !== undefined) return discoveryRefusal(filter, discovery);
  const held = heldMessage(config['typed_config']);
  if (held === undefined) return refusal(filter, 'no-type', unregistered(name, ''));
  return (
    typeRefusal(filter, held, chain) ??
    (held.typedStruct ? structRefusal(filter, held.type) : undefined) ??
    valueRefusal(filter, held)
  );
}
