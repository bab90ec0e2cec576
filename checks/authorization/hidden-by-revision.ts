import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  revisionVisibility,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'];

const label = 'istio.io/rev';

const policies = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'security.istio.io', kind));

export default defineCheck({
  meta: {
    id: 'AUTHZ-013',
    title: 'Label hides a policy from the control plane',
    severity: 'high',
    confidence: 'high',
    examines: 'policies with the label istio.io/rev',
    messages: {
      hidden:
        '{policy} is for revision {revision}, but what it selects belongs to revision {actual}, which does not read it: it is not enforced.',
    },
    remediation:
      'Remove the label istio.io/rev from {policy}: policies without it are read by every revision. The name of a tag does not count.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: policies,
  judge: (policy, { mesh, policies: { enrolment, selection } }) => {
    const revision = stringAt(policy.object, 'metadata', 'labels', label);
    if (revision === undefined) return notApplicable('policy has no label istio.io/rev');
    return whenKnown(selection(policy), ({ value: { inert, workloads } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      if (workloads.length === 0 && mesh.scope === 'complete')
        return notApplicable('policy reaches no workload');
      const seen = workloads.map(enrolment).map((decision) => ({
        visibility: revisionVisibility(mesh, policy, decision),
        actual: decision.known ? decision.value.revision : undefined,
      }));
      if (seen.some(({ visibility }) => visibility === 'visible')) return pass;
      const hidden = seen.find(({ visibility, actual }) => visibility === 'hidden' && actual !== undefined);
      if (hidden?.actual === undefined || seen.some(({ visibility }) => visibility === 'unknown'))
        return unknown([{ key: 'revision', text: `workloads of revision ${revision}` }]);
      return fail({
        message: 'hidden',
        at: { resource: policy, path: ['metadata', 'labels', label] },
        data: { policy: describe(mesh, policy), revision, actual: hidden.actual },
      });
    });
  },
});
