import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { jsonType } from './json-type.js';
import type { UnknownField } from './prepare-object.js';
import type { Invalidity } from './validation.js';

/** What ObjectMeta holds: the shape that the API server decodes metadata into. */
interface Shape {
  readonly type: 'string' | 'integer' | 'boolean' | 'time' | 'any' | 'list' | 'map' | 'object';
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly of?: Shape;
}

const text: Shape = { type: 'string' };
const integer: Shape = { type: 'integer' };
const flag: Shape = { type: 'boolean' };
const time: Shape = { type: 'time' };
const texts: Shape = { type: 'map', of: text };

const ownerReference: Shape = {
  type: 'object',
  fields: { apiVersion: text, kind: text, name: text, uid: text, controller: flag, blockOwnerDeletion: flag },
};

const managedFields: Shape = {
  type: 'object',
  fields: {
    manager: text,
    operation: text,
    apiVersion: text,
    time,
    fieldsType: text,
    fieldsV1: { type: 'any' },
    subresource: text,
  },
};

/** Source: k8s.io/apimachinery pkg/apis/meta/v1/types.go, ObjectMeta. */
const objectMeta: Shape = {
  type: 'object',
  fields: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: integer,
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: integer,
    labels: texts,
    annotations: texts,
    ownerReferences: { type: 'list', of: ownerReference },
    finalizers: { type: 'list', of: text },
    managedFields: { type: 'list', of: managedFields },
  },
};

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([.,]\d{1,30})?(Z|[+-]\d{2}:\d{2})$/;

const scalars: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  time: (value) => typeof value === 'string' && rfc3339.test(value) && !Number.isNaN(Date.parse(value)),
  list: isArray,
  map: isObject,
  object: isObject,
  any: () => true,
};

const expected: Readonly<Record<string, string>> = {
  time: 'an RFC 3339 time',
  list: 'a list',
  map: 'a mapping of strings',
  object: 'a mapping',
  integer: 'an integer',
  boolean: 'true or false',
  string: 'a string',
};

/** What decoding metadata found. */
export interface DecodedMeta {
  readonly errors: readonly Invalidity[];
  readonly unknown: readonly UnknownField[];
}

interface Walk {
  readonly errors: Invalidity[];
  readonly unknown: UnknownField[];
}

function decodeFields(value: JsonObject, shape: Shape, path: FieldPath, walk: Walk): void {
  const { fields, of } = shape;
  for (const [key, child] of Object.entries(value)) {
    const field = of ?? (fields && Object.hasOwn(fields, key) ? fields[key] : undefined);
    if (field) decode(child, field, [...path, key], walk);
    else if (fields) walk.unknown.push({ path: [...path, key], known: Object.keys(fields) });
  }
}

function decode(value: JsonValue | undefined, shape: Shape, path: FieldPath, walk: Walk): void {
  // Go leaves a field alone whose JSON is null.
  if (value === undefined || value === null) return;
  if (scalars[shape.type]?.(value) === false) {
    const message = `${String(path.at(-1))} must be ${expected[shape.type] ?? shape.type}, not ${jsonType(value)}`;
    walk.errors.push({ code: 'metadata', path, message });
  } else if (isArray(value)) {
    for (const [index, member] of value.entries()) if (shape.of) decode(member, shape.of, [...path, index], walk);
  } else if (isObject(value)) {
    decodeFields(value, shape, path, walk);
  }
}

/** Decodes metadata as the API server does: errors where a type is wrong, and the fields that ObjectMeta does not have. */
export function decodeMeta(metadata: JsonValue | undefined): DecodedMeta {
  const walk: Walk = { errors: [], unknown: [] };
  decode(metadata, objectMeta, ['metadata'], walk);
  return walk;
}
