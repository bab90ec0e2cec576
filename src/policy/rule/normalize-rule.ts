import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { isAtLeast, newestVersion } from '#policy/istio-version.js';
import type { IstioVersion } from '#policy/istio-version.js';
import { attributes, whenAttribute } from './attribute.js';
import type { Attribute, AttributeContext } from './attribute.js';
import type { Condition, Conjunction } from './condition.js';
import type { Action, Chain, DroppedRule, DroppedValues, Rule } from './rule.js';

/** Where a rule stands and what it is translated for. */
export interface RuleContext {
  readonly policy: Resource;
  readonly policyNamespace: string;
  readonly action: Action;
  readonly chain: Chain;
  /** The mesh's trust domain, then its aliases. */
  readonly trustDomains: readonly string[];
  /** Istio's release line; the newest when it is left out. */
  readonly version?: IstioVersion;
}

/** One list of values with the test it stands for. */
interface Field {
  readonly attribute: Attribute;
  readonly values: readonly string[];
  readonly negated: boolean;
  readonly path: FieldPath;
}

/** The name of the field that excludes what `name` asks for: `notPaths` for `paths`. */
export function negation(name: string): string {
  return `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A field of a source or an operation, with the name of the one that excludes. */
interface KnownField {
  readonly name: string;
  readonly excluding: string;
  readonly attribute: Attribute;
}

const field = (name: string, attribute: Attribute): KnownField => ({
  name,
  excluding: negation(name),
  attribute,
});

const sourceFields: readonly KnownField[] = [
  field('principals', attributes.principals),
  field('requestPrincipals', attributes.requestPrincipals),
  field('serviceAccounts', attributes.serviceAccounts),
  field('trustDomains', attributes.trustDomains),
  field('namespaces', attributes.namespaces),
  field('remoteIpBlocks', attributes.remoteIpBlocks),
  field('ipBlocks', attributes.ipBlocks),
];

/** Release line 1.x that reads a source field first; all others have always been read. */
const firstRead: ReadonlyMap<string, number> = new Map([
  ['serviceAccounts', 25],
  ['trustDomains', 31],
]);

const operationFields: readonly KnownField[] = [
  field('hosts', attributes.hosts),
  field('methods', attributes.methods),
  field('paths', attributes.paths),
  field('ports', attributes.ports),
];

/** Values as texts: a number that the author forgot to quote is taken by its text. */
export function texts(object: JsonValue | undefined, key: string): readonly string[] {
  return listAt(object, key)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
}

function fieldsOf(
  object: JsonObject | undefined,
  known: readonly KnownField[],
  path: FieldPath,
): readonly Field[] {
  if (object === undefined) return [];
  const fields: Field[] = [];
  const add = (attribute: Attribute, key: string, negated: boolean): void => {
    if (Object.hasOwn(object, key))
      fields.push({ attribute, values: texts(object, key), negated, path: [...path, key] });
  };
  for (const { name, excluding, attribute } of known) {
    add(attribute, name, false);
    add(attribute, excluding, true);
  }
  return fields;
}

interface WhenFields {
  readonly source: readonly Field[];
  readonly operation: readonly Field[];
}

/** The `when` entries by side; undefined when one has an unknown key. */
function whenFields(rule: JsonObject, path: FieldPath, version: IstioVersion): WhenFields | undefined {
  const sides: { source: Field[]; operation: Field[] } = { source: [], operation: [] };
  for (const [index, entry] of listAt(rule, 'when').entries()) {
    const found = whenAttribute(stringAt(entry, 'key') ?? '', version);
    if (found === undefined) return undefined;
    for (const key of ['values', 'notValues']) {
      const at = [...path, 'when', index, key];
      const field = {
        attribute: found.attribute,
        values: texts(entry, key),
        negated: key === 'notValues',
        path: at,
      };
      sides[found.side].push(field);
    }
  }
  return sides;
}

/** The alternatives of `from` or `to`; an absent or empty list is one alternative that asks for nothing. */
function alternatives(
  rule: JsonObject,
  side: { readonly list: 'from' | 'to'; readonly member: 'source' | 'operation' },
  known: readonly KnownField[],
): readonly { readonly path: FieldPath; readonly fields: (path: FieldPath) => readonly Field[] }[] {
  const entries = listAt(rule, side.list);
  if (entries.length === 0) return [{ path: [], fields: () => [] }];
  return entries.map((entry, index) => ({
    path: [side.list, index, side.member],
    fields: (path) => fieldsOf(objectAt(entry, side.member), known, path),
  }));
}

/**
 * `when` conditions are a part of each alternative of their side. Where that would be more than so many, they stand apart
 * once: hostile lists make a rule longer, not larger than its text.
 */
const mostWrittenOut = 4096;

interface Translated {
  readonly conjunction: Conjunction;
  readonly dropped: readonly DroppedValues[];
}

/**
 * Fields as conditions. A value that can not be translated is left out, and the field with it when no value remains
 * (pilot/pkg/security/authz/model/model.go, rule.permission and rule.principal).
 */
function translate(fields: readonly Field[], context: AttributeContext): Translated {
  const conjunction: Condition[] = [];
  const dropped: DroppedValues[] = [];
  for (const { attribute, values, negated, path } of fields) {
    if (values.length === 0) continue;
    const { comparison, failed } = attribute(values, context);
    if (failed.length > 0) dropped.push({ path, values: failed, wholly: comparison === undefined });
    if (comparison !== undefined) conjunction.push({ ...comparison, negated, path });
  }
  return { conjunction, dropped };
}

/**
 * The normal form of `spec.rules[index]`, or why the rule has no effect: an unknown `when` key drops it whatever the
 * action, an untranslatable value drops an ALLOW rule and only widens the others (model.go, New and checkError).
 */
export function normalizeRule(index: number, context: RuleContext): Rule | DroppedRule {
  const at = { resource: context.policy, path: ['spec', 'rules', index] };
  const written = valueAt(context.policy.object, at.path);
  if (!isObject(written)) return { at, reason: 'untranslatable', dropped: [] };
  const version = context.version ?? newestVersion;
  const when = whenFields(written, at.path, version);
  if (when === undefined) return { at, reason: 'unknown-key', dropped: [] };
  const attributeContext = { ...context, version, forTcp: context.chain === 'tcp' };
  const readFields = sourceFields.filter(({ name }) => isAtLeast(version, firstRead.get(name) ?? 0));
  const sides = (
    [
      [{ list: 'from', member: 'source' }, readFields, when.source],
      [{ list: 'to', member: 'operation' }, operationFields, when.operation],
    ] as const
  ).map(([side, known, conditions]) => {
    const found = alternatives(written, side, known);
    const isShared = found.length * conditions.length > mostWrittenOut;
    const own = found.map(({ path, fields }) =>
      translate([...fields([...at.path, ...path]), ...(isShared ? [] : conditions)], attributeContext),
    );
    return { own, shared: translate(isShared ? conditions : [], attributeContext) };
  });
  const dropped = sides.flatMap(({ own, shared }) => [...own, shared].flatMap((part) => part.dropped));
  if (context.action === 'ALLOW' && dropped.length > 0) return { at, reason: 'untranslatable', dropped };
  const [sources = [], operations = []] = sides.map(({ own }) => own.map(({ conjunction }) => conjunction));
  const common = sides.flatMap(({ shared }) => shared.conjunction);
  const rule = { policy: context.policy, index, at, sources, operations, dropped };
  return common.length === 0 ? rule : { ...rule, common };
}

/** True for a rule that takes part, false for one that was dropped. */
export function isEffective(rule: Rule | DroppedRule): rule is Rule {
  return 'sources' in rule;
}
