import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import { fieldsOf, rulesOf } from './written-rule.js';
import type { RuleField } from './written-rule.js';

const known = new WeakMap<Resource, readonly RuleField[]>();

/** Every constraint of every rule of an AuthorizationPolicy, as written; put together once a policy. */
export function constraintsOf(policy: Resource): readonly RuleField[] {
  return getOrMake(known, policy, () => rulesOf(policy).flatMap(fieldsOf));
}
