import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { isObject, listAt, stringAt, stringsAt } from '#documents/json.js';

/** One constraint of a rule: a field of a source or operation, or one side of a condition. */
export interface RuleField {
  /** Name without `not`: `principals`, `paths`; for a condition its key: `source.principal`. */
  readonly name: string;
  /** Written as `not…`: matches when none of the values does, so also when there is nothing to compare. */
  readonly negative: boolean;
  readonly values: readonly string[];
  readonly at: FieldRef;
}

/** A source, an operation or a condition: matches when all its fields do; without fields it matches everything. */
export interface Clause {
  readonly at: FieldRef;
  readonly fields: readonly RuleField[];
}

/**
 * A rule as written, each constraint with its place, to point findings at: any source, any operation, every condition.
 * An absent section is an empty list. What a proxy makes of the rule is its normal form, `Rule`.
 */
export interface WrittenRule {
  readonly at: FieldRef;
  readonly sources: readonly Clause[];
  readonly operations: readonly Clause[];
  readonly conditions: readonly Clause[];
}

const identityNames = new Set([
  'principals',
  'namespaces',
  'serviceAccounts',
  'trustDomains',
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
]);

const httpNames = /^(?:requestPrincipals|hosts|methods|paths|request\.headers\[.*|request\.auth\..*)$/s;

/** True for a field that compares the caller's mesh identity (pilot/pkg/security/authz/model/generator.go). */
export function isIdentity({ name }: RuleField): boolean {
  return identityNames.has(name);
}

/** True for a field that only an HTTP request has; TCP chains and ztunnel cannot compare it. */
export function isHttpOnly({ name }: RuleField): boolean {
  return httpNames.test(name);
}

const positiveName = (key: string): string =>
  key.startsWith('not') ? `${key.charAt(3).toLowerCase()}${key.slice(4)}` : key;

function toField(resource: Resource, clause: JsonValue, path: FieldPath): RuleField | undefined {
  const key = String(path.at(-1));
  const values = stringsAt(clause, key);
  if (values.length === 0) return undefined;
  return { name: positiveName(key), negative: key.startsWith('not'), values, at: { resource, path } };
}

function toClause(resource: Resource, clause: JsonValue | undefined, path: FieldPath): Clause {
  const keys = isObject(clause) ? Object.keys(clause) : [];
  const fields = keys.map((key) => toField(resource, clause ?? null, [...path, key]));
  return { at: { resource, path }, fields: fields.filter((field) => field !== undefined) };
}

function toCondition(resource: Resource, condition: JsonValue, path: FieldPath): Clause {
  const name = stringAt(condition, 'key') ?? '';
  const sides = ['values', 'notValues'].map((side) => toField(resource, condition, [...path, side]));
  const fields = sides.filter((field) => field !== undefined).map((field) => ({ ...field, name }));
  return { at: { resource, path }, fields };
}

function toRule(resource: Resource, rule: JsonValue, index: number): WrittenRule {
  const path: FieldPath = ['spec', 'rules', index];
  const clauses = (list: string, member: string): readonly Clause[] =>
    listAt(rule, list).map((entry, i) =>
      toClause(resource, isObject(entry) ? entry[member] : undefined, [...path, list, i, member]),
    );
  return {
    at: { resource, path },
    sources: clauses('from', 'source'),
    operations: clauses('to', 'operation'),
    conditions: listAt(rule, 'when').map((entry, i) => toCondition(resource, entry, [...path, 'when', i])),
  };
}

/** Rules are read once a policy: it may be asked about for every workload that it reaches. */
const rulesOfPolicies = new WeakMap<Resource, readonly WrittenRule[]>();

/** The rules of an AuthorizationPolicy as written, each constraint with its place. */
export function rulesOf(policy: Resource): readonly WrittenRule[] {
  const known = rulesOfPolicies.get(policy);
  if (known !== undefined) return known;
  const rules = listAt(policy.object, 'spec', 'rules').map((rule, index) => toRule(policy, rule, index));
  rulesOfPolicies.set(policy, rules);
  return rules;
}

/** Every constraint of a rule. */
export function fieldsOf({ sources, operations, conditions }: WrittenRule): readonly RuleField[] {
  const all: RuleField[] = [];
  for (const clauses of [sources, operations, conditions])
    for (const { fields } of clauses) all.push(...fields);
  return all;
}
