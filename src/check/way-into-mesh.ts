import type { FieldRef } from '#documents/document.js';
import type { Cause } from '#policy/decision.js';

const labels = 'istio-injection=enabled, istio.io/rev=<revision> or istio.io/dataplane-mode=ambient';

/** How to bring in a workload that something keeps out, as a remediation: a sidecar is injected only when a pod is made. */
export function wayIn({ resource: { kind }, path }: FieldRef): string {
  if (path.at(-1) === 'containers')
    return `See to it that namespace {namespace} is enrolled (${labels}) and that no label of the pods says otherwise, then restart them.`;
  return kind === 'Namespace'
    ? `In namespace {namespace} replace what decides it ({reason}) by ${labels}, and restart the pods.`
    : 'Where {subjects} can live behind a proxy, remove what keeps it out ({reason}), see to it that namespace {namespace} is enrolled, and restart the pods. Otherwise limit who reaches it with a NetworkPolicy, and waive this.';
}

/** True when the decision rests on no label or field, but on the lack of any. */
export const isAbsence = (decidedBy: Cause): boolean => decidedBy === 'default' || decidedBy.path.length <= 1;
