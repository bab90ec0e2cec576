import type { FieldPath } from '#documents/document.js';
import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compileRule } from './cel-rules.js';
import { propertySchema } from './structural.js';
import type { CelRule, StructuralSchema } from './structural.js';
import type { Invalidity } from './validation.js';

/** How many values rules may be asked to look at in one object: the API server has a budget too. */
const budget = 200_000;

interface Walk {
  readonly errors: Invalidity[];
  spent: number;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A property's name as rules write it. Source: k8s.io/apiserver pkg/cel/escaping.go. */
function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  if (!/__|[.\-/]/.test(name)) return name;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}

function mapping(value: JsonObject, schema: StructuralSchema | undefined, walk: Walk): Map<string, unknown> {
  const result = new Map<string, unknown>();
  for (const [key, child] of Object.entries(value)) {
    const named = schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
    result.set(named ? escapeName(key) : key, celValue(child, schema && propertySchema(schema, key), walk));
  }
  return result;
}

/** A value as CEL takes it: integers as bigint where the schema says integer, mappings as Map. */
function celValue(value: JsonValue | undefined, schema: StructuralSchema | undefined, walk: Walk): unknown {
  walk.spent += 1;
  if (walk.spent > budget) return null;
  if (isArray(value)) return value.map((member) => celValue(member, schema?.items, walk));
  if (isObject(value)) return mapping(value, schema, walk);
  if (typeof value === 'number' && schema?.type !== 'number' && Number.isInteger(value)) return BigInt(value);
  return value ?? null;
}

function messageOf(rule: CelRule): string {
  return rule.message?.trim() ?? `the rule ${rule.rule.trim()} does not hold`;
}

function ruleErrors(value: JsonValue, schema: StructuralSchema, path: FieldPath, walk: Walk): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return;
  const self = celValue(value, schema, walk);
  if (walk.spent > budget) return;
  for (const rule of rules) {
    if (compileRule(rule)(self) === 'fails') walk.errors.push({ code: 'cel', path, message: messageOf(rule) });
  }
}

function visit(value: JsonValue | undefined, schema: StructuralSchema | undefined, path: FieldPath, walk: Walk): void {
  if (value === null || value === undefined || !schema || walk.spent > budget || !hasRules(schema)) return;
  ruleErrors(value, schema, path, walk);
  for (const part of schema.allOf ?? []) if (part['x-kubernetes-validations']) ruleErrors(value, part, path, walk);
  if (isArray(value)) {
    for (const [index, member] of value.entries()) visit(member, schema.items, [...path, index], walk);
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) visit(child, propertySchema(schema, key), [...path, key], walk);
  }
}

const known = new WeakMap<StructuralSchema, boolean>();

/** True when a rule stands in the schema or below it. */
export function hasRules(schema: StructuralSchema): boolean {
  const remembered = known.get(schema);
  if (remembered !== undefined) return remembered;
  const { items, properties, additionalProperties, allOf } = schema;
  const found =
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    (items !== undefined && hasRules(items)) ||
    Object.values(properties ?? {}).some(hasRules) ||
    (typeof additionalProperties === 'object' && hasRules(additionalProperties)) ||
    (allOf?.some(hasRules) ?? false);
  known.set(schema, found);
  return found;
}

/**
 * The CEL rules of a CRD that an object breaks. Transition rules are passed over: there is no old object.
 * Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel/validation.go.
 */
export function celErrors(object: JsonObject, schema: StructuralSchema): readonly Invalidity[] {
  const walk: Walk = { errors: [], spent: 0 };
  visit(object, schema, [], walk);
  return walk.errors;
}
