import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { envoyApi } from '#mesh/envoy-api.js';
import type { MessageField } from '#mesh/envoy-api.js';
import { rulesFor } from './field-rules.js';
import type { FieldLimit, FieldRule } from './field-rules.js';

/** Messages within messages are looked into this far; deeper ones are taken for good. */
const deepest = 32;

const wrapper = /^google\.protobuf\.\w+Value$/;
const duration = 'google.protobuf.Duration';

/** Scalars of the message table that are numbers. */
const numbers: ReadonlySet<string> = new Set(['d', 'f', 'I', 'U', 'i', 'u']);

const wrappedNumber = /^google\.protobuf\.(?:Double|Float|U?Int\d\d)Value$/;

function numberOf(value: JsonValue | undefined, of: string): number | undefined {
  if (of === duration)
    return typeof value === 'string' ? Number(/^(-?[\d.]+)s$/.exec(value)?.[1]) : undefined;
  if (!numbers.has(of) && !wrappedNumber.test(of)) return undefined;
  if (value === undefined) return 0;
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : undefined;
}

const comparisons: Readonly<Record<string, (number: number, limit: number) => boolean>> = {
  '>': (number, limit) => number > limit,
  '>=': (number, limit) => number >= limit,
  '<': (number, limit) => number < limit,
  '<=': (number, limit) => number <= limit,
};

function sizeOf(value: JsonValue | undefined): number {
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

function lengthOf(value: JsonValue | undefined): number {
  return typeof value === 'string' ? Array.from(value).length : 0;
}

/** Whether an enum's value is its zero, under its name or as a number. */
function isZero(value: JsonValue | undefined, of: string): boolean {
  const [zero] = envoyApi().namesOf(of) ?? [];
  return value === undefined || value === 0 || value === zero;
}

/** True where a value breaks a limit; limits that are of no such value say nothing. */
function breaks(value: JsonValue | undefined, { kind, value: limit }: FieldLimit, of: string): boolean {
  const compare = comparisons[kind];
  if (compare !== undefined) {
    const number = numberOf(value, of);
    return number !== undefined && !Number.isNaN(number) && !compare(number, Number(limit));
  }
  switch (kind) {
    case 'r':
      return value === undefined;
    case 'l':
      return lengthOf(value) < Number(limit);
    case 'L':
      return lengthOf(value) > Number(limit);
    case 'i':
      return sizeOf(value) < Number(limit);
    case 'I':
      return sizeOf(value) > Number(limit);
    case '^':
      return typeof value !== 'string' || !value.startsWith(limit);
    case '=':
      return (value ?? false) !== (limit === 'true');
    case 'z':
      return isZero(value, of);
    default:
      return false;
  }
}

function meaningOf({ kind, value }: FieldLimit): string {
  const texts: Readonly<Record<string, string>> = {
    r: 'is needed',
    l: value === '1' ? 'must not be empty' : `needs ${value} characters`,
    L: `may have ${value} characters`,
    i: `needs ${value} or more entries`,
    I: `may have ${value} entries`,
    '^': `must begin with ${value}`,
    '=': `can only be ${value}`,
    z: 'is needed',
  };
  return texts[kind] ?? `must be ${kind} ${value}`;
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (isArray(value) || isObject(value)) return sizeOf(value) === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}

/** True where a rule says nothing of a field as it is: only what is set has limits but for scalars, which are never absent. */
function isIdle(
  { mayBeEmpty, isChoice }: FieldRule,
  value: JsonValue | undefined,
  field: MessageField,
): boolean {
  if (isChoice) return value === undefined;
  if (mayBeEmpty) return isEmpty(value);
  const isMessage =
    envoyApi().fieldsOf(field.type.of) !== undefined || field.type.of.startsWith('google.protobuf.');
  return value === undefined && field.type.shape === 'one' && isMessage;
}

function limitProblem(
  rule: FieldRule,
  value: JsonValue | undefined,
  field: MessageField,
): string | undefined {
  const idle = isIdle(rule, value, field);
  for (const limit of rule.limits) {
    if (idle && limit.kind !== 'r') continue;
    if (idle && rule.isChoice) continue;
    const checked = limit.ofMembers ? (isArray(value) ? value : []) : [value];
    if (checked.some((one) => breaks(one, limit, field.type.of))) return `${field.name} ${meaningOf(limit)}`;
  }
  return undefined;
}

function membersOf(value: JsonValue | undefined, { shape }: MessageField['type']): readonly JsonValue[] {
  if (shape === 'one') return value === undefined ? [] : [value];
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value).map((member) => member ?? null) : [];
}

function isLookedInto({ of }: MessageField['type']): boolean {
  return !wrapper.test(of) && !of.startsWith('google.protobuf.');
}

function fieldProblem(
  fields: JsonObject,
  field: MessageField,
  { rule, depth }: { readonly rule: FieldRule | undefined; readonly depth: number },
): string | undefined {
  const value = Object.hasOwn(fields, field.name) ? (fields[field.name] ?? undefined) : undefined;
  const own = rule && limitProblem(rule, value, field);
  if (own !== undefined) return own;
  if (rule?.isSkipped === true || !isLookedInto(field.type)) return undefined;
  for (const member of membersOf(value, field.type)) {
    const inner = isObject(member) ? problemOf(member, field.type.of, depth + 1) : undefined;
    if (inner !== undefined) return `${field.name}.${inner}`;
  }
  return undefined;
}

function problemOf(fields: JsonObject, message: string, depth: number): string | undefined {
  if (depth > deepest) return undefined;
  const rules = rulesFor(message);
  const lacking = rules?.choices.find((names) =>
    names.every((name) => (fields[name] ?? undefined) === undefined),
  );
  if (lacking !== undefined) return `one of ${lacking.join(', ')} is needed`;
  for (const field of envoyApi().fieldsOf(message) ?? []) {
    const problem = fieldProblem(fields, field, { rule: rules?.fields.get(field.name), depth });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * What Envoy's rules for the fields of its API say against a message in the form of readMessage; undefined: nothing. What
 * an `Any` holds is not looked into (the `validate.rules` of Envoy's proto files, as protoc-gen-validate reads them).
 */
export function ruleProblem(fields: JsonObject, message: string): string | undefined {
  return problemOf(fields, message, 0);
}
