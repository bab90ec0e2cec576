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
  /** Where the walk stands. */
  readonly path: (string | number)[];
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

function ruleErrors(value: JsonValue, schema: StructuralSchema, walk: Walk): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return;
  const self = celValue(value, schema, walk);
  if (walk.spent > budget) return;
  for (const rule of rules) {
    if (compileRule(rule)(self) === 'fails') walk.errors.push({ code: 'cel', path: [...walk.path], message: messageOf(rule) });
  }
}

function visitBelow(step: string | number, child: JsonValue | undefined, schema: StructuralSchema, walk: Walk): void {
  walk.path.push(step);
  visit(child, schema, walk);
  walk.path.pop();
}

function visit(value: JsonValue | undefined, schema: StructuralSchema, walk: Walk): void {
  if (value === null || value === undefined || walk.spent > budget) return;
  ruleErrors(value, schema, walk);
  for (const part of schema.allOf ?? []) if (part['x-kubernetes-validations']) ruleErrors(value, part, walk);
  if (isArray(value)) {
    const { items } = schema;
    if (items !== undefined && hasRules(items)) value.forEach((member, index) => { visitBelow(index, member, items, walk); });
  } else if (isObject(value)) {
    Object.keys(value).forEach((key) => {
      const below = propertySchema(schema, key);
      if (below !== undefined && hasRules(below)) visitBelow(key, value[key], below, walk);
    });
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
  const walk: Walk = { errors: [], path: [], spent: 0 };
  if (hasRules(schema)) visit(object, schema, walk);
  return walk.errors;
}
