import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { jsonType } from '#schemas/json-type.js';
import { suggestName } from '#schemas/suggest.js';
import type { Invalidity } from '#schemas/validation.js';
import { enumOf, messageOf } from './message-tree.js';
import type { Message, MessageField } from './message-tree.js';
import { scalarOf } from './scalar.js';

/** What Istio makes of a mesh config, a proxy config or mesh networks. */
export interface MeshConfigReading {
  /** The config with JSON names; fields that cannot be read or are unknown are left out. */
  readonly config: JsonObject;
  /** Why Istio refuses the whole config; empty when it takes it. */
  readonly errors: readonly Invalidity[];
  /** Fields that Istio passes over without a word. */
  readonly unknownFields: readonly Invalidity[];
}

interface Walk {
  readonly errors: Invalidity[];
  readonly unknown: Invalidity[];
}

function refuse(walk: Walk, path: FieldPath, expected: string, value: JsonValue): JsonObject | undefined {
  const message = `${String(path.at(-1) ?? 'the config')} must be ${expected}, not ${jsonType(value)}`;
  walk.errors.push({ code: 'type', path, message });
  return undefined;
}

function readEnum(value: JsonValue, names: readonly string[], path: FieldPath, walk: Walk): JsonValue | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return names[value] ?? String(value);
  if (typeof value !== 'string') return refuse(walk, path, 'a name', value);
  if (names.includes(value)) return value;
  const suggestion = suggestName(value, names);
  const message = `${String(path.at(-1))} is "${value}", but must be one of ${names.join(', ')}`;
  walk.errors.push({ code: 'enum', path, message, ...(suggestion !== undefined && { suggestion }) });
  return undefined;
}

function readSingle(value: JsonValue, type: string, path: FieldPath, walk: Walk): JsonValue | undefined {
  const scalar = scalarOf(type);
  if (scalar) return scalar.read(value) ?? refuse(walk, path, scalar.expected, value);
  const names = enumOf(type);
  if (names) return readEnum(value, names, path, walk);
  const message = messageOf(type);
  return message ? readMessage(value, message, path, walk) : value;
}

function readList(value: JsonValue, type: string, path: FieldPath, walk: Walk): JsonValue | undefined {
  if (!isArray(value)) return refuse(walk, path, 'a list', value);
  const members = value.map((member, index) => readSingle(member, type, [...path, index], walk));
  return members.filter((member) => member !== undefined);
}

function readMap(value: JsonValue, type: string, path: FieldPath, walk: Walk): JsonObject | undefined {
  if (!isObject(value)) return refuse(walk, path, 'a mapping', value);
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, child]) => [key, readSingle(child ?? null, type, [...path, key], walk)] as const),
  );
}

function readField(value: JsonValue, field: MessageField, path: FieldPath, walk: Walk): JsonValue | undefined {
  if (field.map) return readMap(value, field.type, path, walk);
  return field.repeated ? readList(value, field.type, path, walk) : readSingle(value, field.type, path, walk);
}

function unknownField(key: string, message: Message, path: FieldPath): Invalidity {
  const suggestion = suggestName(key, Object.keys(message));
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return {
    code: 'unknown-field',
    path,
    message: `unknown field "${key}"${hint}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** The JSON name of a field written as in JSON or as in the proto file; undefined when there is none. */
function jsonName(key: string, message: Message): string | undefined {
  if (Object.hasOwn(message, key)) return key;
  if (!key.includes('_')) return undefined;
  return Object.entries(message).find(([, field]) => field.protoName === key)?.[0];
}

function readMessage(value: JsonValue, message: Message, path: FieldPath, walk: Walk): JsonObject | undefined {
  if (value === null) return {};
  if (!isObject(value)) return refuse(walk, path, 'a mapping', value);
  const fields = new Map<string, JsonValue>();
  for (const [key, child] of Object.entries(value)) {
    const name = jsonName(key, message);
    const field = name === undefined ? undefined : message[name];
    if (name === undefined || !field) {
      walk.unknown.push(unknownField(key, message, [...path, key]));
      continue;
    }
    // The JSON name wins over the other spelling; a null is no value.
    const overridden = name !== key && Object.hasOwn(value, name);
    if (child === undefined || child === null || overridden) continue;
    const read = readField(child, field, [...path, key], walk);
    if (read !== undefined) fields.set(name, read);
  }
  return Object.fromEntries(fields);
}

function read(value: JsonValue, type: string): MeshConfigReading {
  const walk: Walk = { errors: [], unknown: [] };
  const message = messageOf(type);
  if (!message) throw new Error(`The mesh config has no message ${type}.`);
  const config = readMessage(value, message, [], walk) ?? {};
  return { config, errors: walk.errors, unknownFields: walk.unknown };
}

/** Fields that Istio merges apart, and finds by their JSON name only: the other spelling is lost. */
const mergedApart: ReadonlyMap<string, string> = new Map([
  ['default_config', 'defaultConfig'],
  ['default_providers', 'defaultProviders'],
]);

/**
 * Reads a mesh config (the parsed `mesh` of the ConfigMap `istio`, or `meshConfig` of an installation). One field of a
 * wrong type makes Istio refuse the whole config; unknown fields are passed over.
 * Source: istio/istio pkg/config/mesh/mesh.go, ApplyMeshConfig; pkg/util/protomarshal, ApplyYAML.
 */
export function readMeshConfig(value: JsonValue): MeshConfigReading {
  const reading = read(value, 'istio.mesh.v1alpha1.MeshConfig');
  if (!isObject(value)) return reading;
  const lost = [...mergedApart].filter(([spelling, name]) => Object.hasOwn(value, spelling) && !Object.hasOwn(value, name));
  if (lost.length === 0) return reading;
  const lostNames = new Set(lost.map(([, name]) => name));
  const config = Object.fromEntries(Object.entries(reading.config).filter(([name]) => !lostNames.has(name)));
  const unknown = lost.map(([spelling, suggestion]): Invalidity => {
    const message = `${spelling} is passed over: Istio reads it as ${suggestion} only`;
    return { code: 'unknown-field', path: [spelling], message, suggestion };
  });
  return { ...reading, config, unknownFields: [...reading.unknownFields, ...unknown] };
}

/** Reads a ProxyConfig message: `defaultConfig` of the mesh, or the annotation proxy.istio.io/config. */
export function readProxyConfig(value: JsonValue): MeshConfigReading {
  return read(value, 'istio.mesh.v1alpha1.ProxyConfig');
}

/** Reads mesh networks: `meshNetworks` of the ConfigMap `istio`. */
export function readMeshNetworks(value: JsonValue): MeshConfigReading {
  return read(value, 'istio.mesh.v1alpha1.MeshNetworks');
}
