import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Attribute } from '#policy/rule/attribute.js';
import type { Condition, Conjunction } from '#policy/rule/condition.js';
import { negation, texts } from '#policy/rule/normalize-rule.js';
import type { Action, DroppedRule, DroppedValues, Rule } from '#policy/rule/rule.js';
import { destinationKeys, operationFields, sourceFields, sourceKeys } from './layer4-fields.js';

/** Where a rule stands and what it is projected for. */
export interface ZtunnelRuleContext {
  readonly policy: Resource;
  readonly policyNamespace: string;
  readonly action: Action;
}

/** A source, an operation or a `when` entry as ztunnel compares it. */
interface Clause {
  /** Empty when nothing is left of it: then it never matches. */
  readonly conjunction: Conjunction;
  readonly dropped: readonly DroppedValues[];
  /** True when istiod sees something in it that is not of layer 4. */
  readonly asksForMore: boolean;
}

interface WrittenField {
  /** Without `not`. */
  readonly name: string;
  readonly values: readonly string[];
  readonly negated: boolean;
  readonly path: FieldPath;
}

type Known = ReadonlyMap<string, Attribute>;

/** Neither converted nor reported: istiod does not look at it here. */
const unseenField = 'trustDomains';

/** What sources and operations may hold besides, as istiod knows it (httpSources, httpOperations). */
const higherFields = ['hosts', 'methods', 'paths', 'remoteIpBlocks', 'requestPrincipals', unseenField];

function translate(fields: readonly WrittenField[], known: Known, policyNamespace: string): Clause {
  const context = { policyNamespace, trustDomains: [], forTcp: true };
  const conjunction: Condition[] = [];
  const dropped: DroppedValues[] = [];
  for (const { name, values, negated, path } of fields) {
    const { comparison, failed = values } = known.get(name)?.(values, context) ?? {};
    if (failed.length > 0) dropped.push({ path, values: failed, wholly: comparison === undefined });
    if (comparison !== undefined) conjunction.push({ ...comparison, negated, path });
  }
  const asksForMore = fields.some(({ name }) => !known.has(name) && name !== unseenField);
  return { conjunction, dropped, asksForMore };
}

interface Side {
  readonly list: 'from' | 'to';
  readonly member: 'source' | 'operation';
  readonly known: Known;
}

const from: Side = { list: 'from', member: 'source', known: sourceFields };
const to: Side = { list: 'to', member: 'operation', known: operationFields };

function fieldsOf(
  object: JsonObject | undefined,
  names: Iterable<string>,
  path: FieldPath,
): readonly WrittenField[] {
  return [...names].flatMap((name) =>
    [name, negation(name)].flatMap((key, index) => {
      const values = texts(object, key);
      return values.length === 0 ? [] : [{ name, values, negated: index === 1, path: [...path, key] }];
    }),
  );
}

interface Place {
  readonly path: FieldPath;
  readonly policyNamespace: string;
}

function clausesOf(rule: JsonObject, { list, member, known }: Side, place: Place): readonly Clause[] {
  const names = new Set([...known.keys(), ...higherFields]);
  return listAt(rule, list).map((entry, index) => {
    const fields = fieldsOf(objectAt(entry, member), names, [...place.path, list, index, member]);
    return translate(fields, known, place.policyNamespace);
  });
}

interface WhenClause extends Clause {
  readonly side: Side['list'];
}

/** A key that is not of layer 4 leaves an emptied match behind, whatever its values. */
function whenClause(entry: JsonValue, place: Place): WhenClause {
  const name = stringAt(entry, 'key') ?? '';
  const known = destinationKeys.has(name) ? destinationKeys : sourceKeys;
  const fields = ['values', 'notValues'].flatMap((key) => {
    const values = texts(entry, key);
    const negated = key === 'notValues';
    return values.length === 0 ? [] : [{ name, values, negated, path: [...place.path, key] }];
  });
  const clause = translate(fields, known, place.policyNamespace);
  return { ...clause, asksForMore: !known.has(name), side: known === sourceKeys ? 'from' : 'to' };
}

/** One side in normal form: the alternatives of which something is left, each with all conditions. */
function alternatives(clauses: readonly Clause[], conditions: readonly Clause[]): readonly Conjunction[] {
  const isEmptied = ({ conjunction }: Clause): boolean => conjunction.length === 0;
  if (conditions.some(isEmptied)) return [];
  const all = conditions.flatMap(({ conjunction }) => conjunction);
  if (clauses.length === 0) return [all];
  return clauses
    .filter((clause) => !isEmptied(clause))
    .map(({ conjunction }) => (all.length === 0 ? conjunction : [...conjunction, ...all]));
}

/**
 * What ztunnel is sent of `spec.rules[index]`, in normal form, or why it is sent nothing. An ALLOW rule that asks for
 * more than layer 4 is left out; of a DENY rule only those fields are. A source, operation or condition of which
 * nothing is left never matches; a side without another alternative is empty then, and the rule without effect
 * (handleRule in pilot/pkg/serviceregistry/ambient/authorization.go; Authorization::matches in ztunnel's src/rbac.rs).
 */
export function ztunnelRule(index: number, context: ZtunnelRuleContext): Rule | DroppedRule {
  const { policy, policyNamespace, action } = context;
  const at = { resource: policy, path: ['spec', 'rules', index] };
  const written = valueAt(policy.object, at.path);
  if (!isObject(written)) return { at, reason: 'untranslatable', dropped: [] };
  const sources = clausesOf(written, from, { path: at.path, policyNamespace });
  const operations = clausesOf(written, to, { path: at.path, policyNamespace });
  const conditions = listAt(written, 'when').map((entry, position) =>
    whenClause(entry, { path: [...at.path, 'when', position], policyNamespace }),
  );
  const clauses = [...sources, ...operations, ...conditions];
  const dropped = clauses.flatMap((clause) => clause.dropped);
  if (action === 'ALLOW' && clauses.some(({ asksForMore }) => asksForMore))
    return { at, reason: 'not-layer-4', dropped };
  const of = (side: Side['list']): readonly Clause[] => conditions.filter((one) => one.side === side);
  return {
    policy,
    index,
    at,
    sources: alternatives(sources, of('from')),
    operations: alternatives(operations, of('to')),
    dropped,
  };
}
