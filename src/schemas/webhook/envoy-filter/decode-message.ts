import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { DecodeError } from '#schemas/webhook/decode-spec.js';
import { durationProblem, enumProblem, scalarProblem, timestampProblem } from './decode-scalar.js';
import type { FieldType, MessageTable } from './message-table.js';

/** A name of a field that a message does not have; Istio drops it when it builds the patch. */
export interface UnknownName {
  readonly path: FieldPath;
  readonly message: string;
}

const wrappers: ReadonlySet<string> = new Set(
  ['Bool', 'Bytes', 'String', 'Int32', 'UInt32', 'Float', 'Int64', 'UInt64', 'Double'].map(
    (name) => `google.protobuf.${name}Value`,
  ),
);

/** Of free form: any JSON, a mapping, a list. */
const freeForms: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  'google.protobuf.Value': () => true,
  'google.protobuf.Struct': isObject,
  'google.protobuf.ListValue': isArray,
};

const times: Readonly<Record<string, (value: JsonValue) => string | undefined>> = {
  'google.protobuf.Duration': durationProblem,
  'google.protobuf.Timestamp': timestampProblem,
};

const any = 'google.protobuf.Any';

function isWellKnown(message: string): boolean {
  const others = [any, 'google.protobuf.Empty'];
  return (
    wrappers.has(message) ||
    others.includes(message) ||
    Object.hasOwn(freeForms, message) ||
    Object.hasOwn(times, message)
  );
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** What is the same all through one value. */
interface Decoding {
  readonly table: MessageTable;
  readonly unknown: UnknownName[];
}

function refuse(path: FieldPath, problem: string): never {
  throw new DecodeError(path, problem);
}

function typeNamed(value: JsonObject, path: FieldPath, { table }: Decoding): string {
  const url = own(value, '@type');
  if (url === undefined) refuse(path, 'it needs an "@type"');
  if (typeof url !== 'string' && url !== null) refuse([...path, '@type'], 'a type URL is wanted');
  const message = (url ?? '').slice((url ?? '').lastIndexOf('/') + 1);
  if (table.fieldsOf(message)) return message;
  const hint = message.includes('.v2.') ? '; Envoy dropped its v2 API, use v3' : '';
  return refuse([...path, '@type'], `Istio knows no type "${message}"${hint}`);
}

function decodeAny(value: JsonObject, path: FieldPath, decoding: Decoding): void {
  const message = typeNamed(value, path, decoding);
  if (isWellKnown(message)) {
    const held = own(value, 'value');
    if (held === undefined) refuse(path, `a ${message} needs a "value"`);
    decode(held, { type: message, path: [...path, 'value'] }, decoding);
  } else {
    const entries = Object.entries(value).filter(([name]) => name !== '@type');
    decodeFields(Object.fromEntries(entries), { type: message, path }, decoding);
  }
}

interface Place {
  readonly type: string;
  readonly path: FieldPath;
}

function decodeFields(value: JsonObject, { type, path }: Place, decoding: Decoding): void {
  const names = new Set<string>();
  for (const field of decoding.table.fieldsOf(type) ?? []) {
    names.add(field.name).add(field.jsonName);
    // A field may be spelt as in the proto file too; the JSON name wins when both are there.
    const name = own(value, field.jsonName) === undefined ? field.name : field.jsonName;
    const given = own(value, name);
    if (given !== undefined && given !== null) decodeField(given, field.type, [...path, name], decoding);
  }
  for (const name of Object.keys(value)) {
    if (!names.has(name)) decoding.unknown.push({ path: [...path, name], message: type });
  }
}

function decodeField(value: JsonValue, type: FieldType, path: FieldPath, decoding: Decoding): void {
  if (type.shape === 'map') decodeMap(value, type, path, decoding);
  else if (type.shape === 'one') decode(value, { type: type.of, path }, decoding);
  else {
    if (!isArray(value)) refuse(path, 'a list is wanted');
    for (const [index, member] of value.entries()) decode(member, { type: type.of, path: [...path, index] }, decoding);
  }
}

function decodeMap(value: JsonValue, { key, of }: FieldType, path: FieldPath, decoding: Decoding): void {
  if (!isObject(value)) refuse(path, 'a mapping is wanted');
  for (const [name, member] of Object.entries(value)) {
    const typed = key === 'b' && (name === 'true' || name === 'false') ? name === 'true' : name;
    const problem = scalarProblem(key)?.(typed);
    if (problem !== undefined) refuse([...path, name], problem);
    decode(member ?? null, { type: of, path: [...path, name] }, decoding);
  }
}

/** What is wrong with a value of a type that is no message with fields; undefined when the type is one. */
function simpleProblem(type: string, table: MessageTable): ((value: JsonValue) => string | undefined) | undefined {
  const names = table.namesOf(type);
  if (names) return (value) => enumProblem(value, names);
  const free = Object.hasOwn(freeForms, type) ? freeForms[type] : undefined;
  if (free) return (value) => (free(value) ? undefined : 'a mapping or list is wanted');
  return scalarProblem(type) ?? (Object.hasOwn(times, type) ? times[type] : undefined);
}

function decode(value: JsonValue, { type, path }: Place, decoding: Decoding): void {
  if (value === null) return;
  const simple = simpleProblem(type, decoding.table);
  if (simple) {
    const problem = simple(value);
    if (problem !== undefined) refuse(path, problem);
  } else if (wrappers.has(type)) {
    const [held] = decoding.table.fieldsOf(type) ?? [];
    if (held) decode(value, { type: held.type.of, path }, decoding);
  } else if (!isObject(value)) refuse(path, 'a mapping is wanted');
  else if (type === any) decodeAny(value, path, decoding);
  else decodeFields(value, { type, path }, decoding);
}

/**
 * Holds a value against a message as golang/protobuf's jsonpb does when Istio makes an Envoy object of a patch, and
 * returns the names that no message has. Throws a DecodeError where it refuses: a value of another type, a type URL
 * that istiod does not know. Source: istio/istio pkg/config/xds/xds.go, github.com/golang/protobuf jsonpb/decode.go.
 */
export function decodeMessage(
  { value, message, path }: { readonly value: JsonObject; readonly message: string; readonly path: FieldPath },
  table: MessageTable,
): readonly UnknownName[] {
  const decoding: Decoding = { table, unknown: [] };
  decode(value, { type: message, path }, decoding);
  return decoding.unknown;
}
