import type { Resource } from '#documents/document.js';
import { policySelectorOf, selectsAll as hasNoLabels } from '#policy/policy-selector.js';

/** True when a policy names no workload: no targetRefs, and no selector or one without labels. */
export function selectsAll(policy: Resource): boolean {
  return hasNoLabels(policySelectorOf(policy));
}
