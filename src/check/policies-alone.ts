import type { Resource } from '#documents/document.js';
import type { PolicyScope } from '#policy/policies.js';
import type { CheckContext, Subject } from './subject.js';
import { resources } from './subject.js';

/** A policy that reaches none of the input's workloads, with the reach that it has by its own words. */
export interface PolicyAlone {
  readonly policy: Resource;
  readonly scope: PolicyScope;
}

/**
 * Reported policies of a kind whose workloads stand elsewhere (partial scope only): what they say can be judged by
 * itself. Policies that can reach nothing, and those that exist in several forms, are left out.
 */
export function policiesAlone(
  context: CheckContext,
  group: string,
  kind: string,
): readonly Subject<PolicyAlone>[] {
  if (context.mesh.scope === 'complete') return [];
  return resources(context, group, kind).flatMap(({ ref, value: policy }) => {
    const selection = context.policies.selection(policy);
    if (!selection.known) return [];
    const { workloads, inert, scope } = selection.value;
    return workloads.length > 0 || inert !== undefined ? [] : [{ ref, value: { policy, scope } }];
  });
}
