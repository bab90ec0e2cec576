import { isArray } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { parseGoDuration } from '#schemas/go-duration.js';

/** Why a value is not one of a scalar type, or undefined when it is. Source: github.com/golang/protobuf jsonpb/decode.go. */
type Problem = string | undefined;

const integer = /^ *-?(?:0|[1-9][0-9]*) *$/;
const decimal = /^ *-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)? *$/;
const nothing = /^ *null *$/;

/** The JSON text of a number as Go writes it, or of a string without its quotes, as jsonpb reads numbers. */
function numberText(value: JsonValue): string | undefined {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'string' ? value : undefined;
}

function integerProblem(value: JsonValue, least: bigint, most: bigint): Problem {
  const text = numberText(value);
  if (text === undefined || !(integer.test(text) || nothing.test(text))) return 'an integer is wanted';
  if (nothing.test(text)) return undefined;
  if (least === 0n && text.includes('-')) return 'it cannot be negative';
  const number = text.length > 25 ? undefined : BigInt(text.trim());
  return number !== undefined && number >= least && number <= most ? undefined : 'it is out of range';
}

const nonFinite: ReadonlySet<JsonValue> = new Set(['NaN', 'Infinity', '-Infinity']);

function decimalProblem(value: JsonValue, round: (value: number) => number): Problem {
  if (nonFinite.has(value)) return undefined;
  const text = numberText(value);
  if (text === undefined || !(decimal.test(text) || nothing.test(text))) return 'a number is wanted';
  return nothing.test(text) || Number.isFinite(round(Number(text))) ? undefined : 'it is out of range';
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isByte(value: JsonValue): boolean {
  return value === null || (typeof value === 'number' && integerProblem(value, 0n, 255n) === undefined);
}

function bytesProblem(value: JsonValue): Problem {
  // Go's JSON reads bytes from a list of numbers too.
  if (isArray(value)) return value.every(isByte) ? undefined : 'bytes are wanted';
  const encoded = typeof value === 'string' && base64.test(value.replaceAll(/[\r\n]/g, ''));
  return encoded ? undefined : 'base64 is wanted';
}

const scalars: Readonly<Record<string, (value: JsonValue) => Problem>> = {
  b: (value) => (typeof value === 'boolean' ? undefined : 'true or false is wanted'),
  d: (value) => decimalProblem(value, Number),
  f: (value) => decimalProblem(value, Math.fround),
  i: (value) => integerProblem(value, -(2n ** 31n), 2n ** 31n - 1n),
  I: (value) => integerProblem(value, -(2n ** 63n), 2n ** 63n - 1n),
  s: (value) => (typeof value === 'string' ? undefined : 'a string is wanted'),
  u: (value) => integerProblem(value, 0n, 2n ** 32n - 1n),
  U: (value) => integerProblem(value, 0n, 2n ** 64n - 1n),
  y: bytesProblem,
};

/** What is wrong with the value of a scalar field, by the letter of its type; undefined for what is no scalar type. */
export function scalarProblem(letter: string): ((value: JsonValue) => Problem) | undefined {
  return Object.hasOwn(scalars, letter) ? scalars[letter] : undefined;
}

/** What is wrong with a value of an enum: a name of it or any int32 are taken. */
export function enumProblem(value: JsonValue, names: ReadonlySet<string>): Problem {
  if (typeof value === 'string') return names.has(value) ? undefined : `there is no value "${value}"`;
  return typeof value === 'number' ? scalars['i']?.(value) : 'a name is wanted';
}

/** What is wrong with a google.protobuf.Duration. */
export function durationProblem(value: JsonValue): Problem {
  if (typeof value !== 'string') return 'a duration like "5s" is wanted';
  return parseGoDuration(value) === undefined ? `"${value}" is not a duration` : undefined;
}

const day = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const time = /^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?(?:Z|[-+](?:[01][0-9]|2[0-4]):(?:[0-5][0-9]|60))$/;

function isDay(text: string): boolean {
  const [year = 0, month = 0, date = 0] = (day.exec(text) ?? []).slice(1).map(Number);
  // Years below 100 mean the twentieth century to Date; the calendar repeats after 400 years.
  const days = new Date(Date.UTC(year + 400, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && date >= 1 && date <= days;
}

/** What is wrong with a google.protobuf.Timestamp. Source: Go's time.Parse with RFC3339Nano. */
export function timestampProblem(value: JsonValue): Problem {
  const [date = '', clock = ''] = typeof value === 'string' ? value.split('T', 2) : [];
  const single = typeof value === 'string' && value.split('T').length === 2;
  return single && isDay(date) && time.test(clock) ? undefined : 'a time like "2006-01-02T15:04:05Z" is wanted';
}
