import { isLayer4 } from '#policy/ambient/layer4-fields.js';
import { ztunnelRule } from '#policy/ambient/ztunnel-rule.js';
import { isEffective } from '#policy/rule/normalize-rule.js';
import type { Action } from '#policy/rule/rule.js';
import type { Clause, RuleField, WrittenRule } from './written-rule.js';
import { fieldsOf, isHttpOnly } from './written-rule.js';

/**
 * `wider`: a DENY rule matches more than written; `open`: an ALLOW rule does. `dead`: a DENY rule never matches.
 * `dropped`: an ALLOW rule is left out, or never matches.
 */
export type Loss = 'wider' | 'open' | 'dead' | 'dropped';

/** A constraint that is not compared, and what becomes of its rule. */
export interface LostField {
  readonly field: RuleField;
  readonly loss: Loss;
}

const concerns = (operation: Clause, port: string): boolean =>
  operation.fields.every(
    ({ name, negative, values }) => name !== 'ports' || values.includes(port) !== negative,
  );

/** True when a rule names the port, rather than reaching it because it names none. */
export function namesPort({ operations }: WrittenRule, port: number): boolean {
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
export function lostOnTcp(rule: WrittenRule, action: Action, port: number): LostField | undefined {
  const operations = rule.operations.filter((operation) => concerns(operation, String(port)));
  if (rule.operations.length > 0 && operations.length === 0) return undefined;
  const field = fieldsOf({ ...rule, operations }).find(isHttpOnly);
  return field && { field, loss: action === 'ALLOW' ? 'dropped' : 'wider' };
}

const isSeen = ({ name }: RuleField): boolean => isLayer4(name);

/** True when a rule has a constraint that a data plane may not be able to compare. */
export function mayLoseFields(rule: WrittenRule): boolean {
  return fieldsOf(rule).some((field) => !isSeen(field));
}

function lossAtZtunnel({ at }: WrittenRule, action: 'ALLOW' | 'DENY'): Loss {
  const sent = ztunnelRule(Number(at.path.at(-1)), { policy: at.resource, policyNamespace: '', action });
  const isDead = !isEffective(sent) || sent.sources.length === 0 || sent.operations.length === 0;
  if (action === 'ALLOW') return isDead ? 'dropped' : 'open';
  return isDead ? 'dead' : 'wider';
}

/** What ztunnel makes of an ALLOW or DENY rule: it is told of layer 4 only. */
export function lostAtZtunnel(rule: WrittenRule, action: 'ALLOW' | 'DENY'): LostField | undefined {
  const field = fieldsOf(rule).find((one) => !isSeen(one));
  return field && { field, loss: lossAtZtunnel(rule, action) };
}
