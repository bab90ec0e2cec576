import type { Action, Clause, Rule, RuleField } from './authorization-rules.js';
import { fieldsOf, isHttpOnly } from './authorization-rules.js';

/** `wider`: matches more than written. `dead`: never matches. `dropped`: the rule is left out. */
export type Loss = 'wider' | 'dead' | 'dropped';

/** A constraint that is not compared, and what becomes of its rule. */
export interface LostField {
  readonly field: RuleField;
  readonly loss: Loss;
}

/** The only fields ztunnel is told of (pilot/pkg/serviceregistry/ambient/authorization.go). */
const ztunnelNames = new Set([
  'principals',
  'namespaces',
  'serviceAccounts',
  'ipBlocks',
  'ports',
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

const concerns = (operation: Clause, port: string): boolean =>
  operation.fields.every(
    ({ name, negative, values }) => name !== 'ports' || values.includes(port) !== negative,
  );

/** True when a rule names the port, rather than reaching it because it names none. */
export function namesPort({ operations }: Rule, port: number): boolean {
  return operations.some(({ fields }) =>
    fields.some(
      ({ name, negative, values }) => name === 'ports' && !negative && values.includes(String(port)),
    ),
  );
}

/**
 * What a sidecar or gateway makes of a rule on a port whose bytes it does not read as HTTP: an ALLOW rule with an
 * HTTP field is dropped, in all other rules the field is (pilot/pkg/security/authz/model/model.go).
 */
export function lostOnTcp(rule: Rule, action: Action, port: number): LostField | undefined {
  const operations = rule.operations.filter((operation) => concerns(operation, String(port)));
  if (rule.operations.length > 0 && operations.length === 0) return undefined;
  const field = fieldsOf({ ...rule, operations }).find(isHttpOnly);
  return field && { field, loss: action === 'ALLOW' ? 'dropped' : 'wider' };
}

const isSeen = ({ name }: RuleField): boolean => ztunnelNames.has(name);

/** True when a rule has a constraint that a data plane may not be able to compare. */
export function mayLoseFields(rule: Rule): boolean {
  return fieldsOf(rule).some((field) => !isSeen(field));
}

/** An emptied list of alternatives matches nothing at ztunnel, so that its rule never does. */
const isEmptied = (alternatives: readonly Clause[]): boolean =>
  alternatives.length > 0 && !alternatives.some(({ fields }) => fields.some(isSeen));

/** What ztunnel makes of a rule: it compares L4 fields only (ztunnel src/rbac.rs). */
export function lostAtZtunnel(rule: Rule, action: Action): LostField | undefined {
  const field = fieldsOf(rule).find((one) => !isSeen(one));
  if (field === undefined) return undefined;
  if (action === 'ALLOW') return { field, loss: 'dropped' };
  const sections = [rule.sources, rule.operations, ...rule.conditions.map((condition) => [condition])];
  return { field, loss: sections.some(isEmptied) ? 'dead' : 'wider' };
}
