import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { envoyApi } from '#mesh/envoy-api.js';
import type { MessageField } from '#mesh/envoy-api.js';

const any = 'google.protobuf.Any';

/** The two messages that hold a message of another type as plain JSON. */
const typedStructs: ReadonlySet<string> = new Set(['udpa.type.v1.TypedStruct', 'xds.type.v3.TypedStruct']);

/** Messages whose JSON form is not that of their fields. */
const wellKnown = /^google\.protobuf\.(?:\w+Value|Struct|Duration|Timestamp|Any|FieldMask)$/;

/** Full name of the message behind a type URL. */
export function messageNameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** What an `Any` holds. */
export interface HeldMessage {
  /** Full name of the message, that inside of a TypedStruct. */
  readonly type: string;
  readonly typedStruct: boolean;
  /** The message's fields, snake_case; of a TypedStruct as written. */
  readonly fields: JsonObject;
}

/** The message in an `Any` in the form of {@link readMessage}; undefined when there is none. */
export function heldMessage(value: JsonValue | undefined): HeldMessage | undefined {
  if (!isObject(value)) return undefined;
  const url = value['@type'];
  if (typeof url !== 'string') return undefined;
  const type = messageNameOf(url);
  if (!typedStructs.has(type)) return { type, typedStruct: false, fields: value };
  const inner = messageNameOf(typeof value['type_url'] === 'string' ? value['type_url'] : '');
  const fields = isObject(value['value']) ? value['value'] : {};
  return { type: inner, typedStruct: true, fields: readFields(fields, inner) ?? fields };
}

function own(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function readAny(value: JsonObject): JsonObject {
  const url = typeof value['@type'] === 'string' ? value['@type'] : '';
  const type = messageNameOf(url);
  if (wellKnown.test(type)) return value;
  return { '@type': url, ...(readFields(value, type) ?? {}) };
}

function readOne(value: JsonValue, type: string): JsonValue {
  if (!isObject(value)) return value;
  if (type === any) return readAny(value);
  if (wellKnown.test(type)) return value;
  return readFields(value, type) ?? value;
}

function readField(value: JsonValue, { type }: MessageField): JsonValue {
  if (type.shape === 'list') return isArray(value) ? value.map((member) => readOne(member, type.of)) : value;
  if (type.shape === 'one') return readOne(value, type.of);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, readOne(member ?? null, type.of)] as const),
  );
}

function readFields(value: JsonObject, message: string): JsonObject | undefined {
  const fields = envoyApi().fieldsOf(message);
  if (fields === undefined) return undefined;
  const read: [string, JsonValue][] = [];
  for (const field of fields) {
    const written = own(value, field.jsonName) ?? own(value, field.name);
    if (written !== undefined && written !== null) read.push([field.name, readField(written, field)]);
  }
  return Object.fromEntries(read);
}

/**
 * A value of a patch as istiod holds it: fields under their proto names, the JSON name winning over that where both are
 * written, unknown fields dropped, messages in `Any` alike (protomarshal.UnmarshalAllowUnknown, golang/protobuf
 * jsonpb/decode.go). The value must be one that can be read (envoyObjectProblem).
 */
export function readMessage(value: JsonObject, message: string): JsonObject {
  return readFields(value, message) ?? value;
}
