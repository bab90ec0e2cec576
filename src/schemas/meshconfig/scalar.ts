import { isObject } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { parseGoDuration } from '#schemas/go-duration.js';

interface Scalar {
  /** The value as JSON should have it, or undefined when protobuf refuses it. */
  readonly read: (value: JsonValue) => JsonValue | undefined;
  readonly expected: string;
}

function integer(least: number, below: number): Scalar {
  const read = (value: JsonValue): JsonValue | undefined => {
    const quoted = typeof value === 'string' && /^-?(0|[1-9][0-9]*)$/.test(value);
    const number = quoted ? Number(value) : value;
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= least && number < below;
    return fits ? number : undefined;
  };
  return { read, expected: 'an integer in range' };
}

function readNumber(value: JsonValue): JsonValue | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

const text: Scalar = {
  read: (value) => (typeof value === 'string' ? value : undefined),
  expected: 'a string',
};

const flag: Scalar = {
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  expected: 'true or false',
};

const int32 = integer(-(2 ** 31), 2 ** 31);
const int64 = integer(-(2 ** 63), 2 ** 63);
const uint32 = integer(0, 2 ** 32);

const scalars: ReadonlyMap<string, Scalar> = new Map([
  ['string', text],
  ['google.protobuf.StringValue', text],
  ['bool', flag],
  ['google.protobuf.BoolValue', flag],
  ['int32', int32],
  ['google.protobuf.Int32Value', int32],
  ['int64', int64],
  ['google.protobuf.Int64Value', int64],
  ['uint32', uint32],
  ['google.protobuf.UInt32Value', uint32],
  ['uint64', integer(0, 2 ** 64)],
  ['double', { read: readNumber, expected: 'a number' }],
  ['float', { read: readNumber, expected: 'a number' }],
  [
    'google.protobuf.Duration',
    {
      read: (value) => (typeof value === 'string' && parseGoDuration(value) !== undefined ? value : undefined),
      expected: 'a duration such as "10s"',
    },
  ],
  ['google.protobuf.Struct', { read: (value) => (isObject(value) ? value : undefined), expected: 'a mapping' }],
]);

/** How a scalar or well-known type is read, or undefined for other types. Source: golang/protobuf jsonpb/decode.go. */
export function scalarOf(type: string): Scalar | undefined {
  return scalars.get(type);
}
