import type { Authorization } from '#policy/policies.js';
import type { Action } from '#policy/rule/rule.js';
import type { Clause, RuleField, WrittenRule } from './written-rule.js';
import { fieldsOf, isIdentity, rulesOf } from './written-rule.js';

const needsIdentity = ({ fields }: Clause): boolean =>
  fields.some((field) => isIdentity(field) && !field.negative);

/** True when a caller without mesh identity can never match: every source, or some condition, asks for one. */
export function requiresIdentity({ sources, conditions }: WrittenRule): boolean {
  return conditions.some(needsIdentity) || (sources.length > 0 && sources.every(needsIdentity));
}

/**
 * Constraints that a caller without mesh identity slips past: in DENY the identities it would have to have, in ALLOW
 * the identities it merely must not have.
 */
export function slippedPast(rule: WrittenRule, action: Action): readonly RuleField[] {
  const identities = fieldsOf(rule).filter(isIdentity);
  if (action === 'DENY') return identities.filter(({ negative }) => !negative);
  if (action !== 'ALLOW' || requiresIdentity(rule)) return [];
  const open = rule.sources.filter((source) => !needsIdentity(source));
  return [...open, ...rule.conditions].flatMap(({ fields }) => fields.filter(isIdentity));
}

/** True for the idiom that denies plaintext: `notPrincipals: ["*"]` and nothing else in the source, anywhere in the mesh. */
function deniesPlaintext({ sources, operations, conditions }: WrittenRule): boolean {
  const noIdentity = sources.some(
    ({ fields }) =>
      fields.length > 0 && fields.every((f) => isIdentity(f) && f.negative && f.values.includes('*')),
  );
  return noIdentity && conditions.length === 0 && operations.every(({ fields }) => fields.length === 0);
}

/** True when no caller without mesh identity gets in, whatever it asks for: so that plaintext callers bypass nothing. */
export function isClosedToPlaintext({ deny, allow }: Authorization): boolean {
  return (
    deny.some(({ resource }) => rulesOf(resource).some(deniesPlaintext)) ||
    (allow.length > 0 && allow.every(({ resource }) => rulesOf(resource).every(requiresIdentity)))
  );
}
