import {
  actionOf,
  allOf,
  defineCheck,
  describe,
  externalAuthorizer,
  fail,
  isDryRun,
  notApplicable,
  pass,
  resources,
  rulesOf,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { Clause, WrittenRule } from '#check';

const asksNothing = (clauses: readonly Clause[]): boolean =>
  clauses.length === 0 || clauses.some(({ fields }) => fields.length === 0);

const matchesEverything = ({ sources, operations, conditions }: WrittenRule): boolean =>
  conditions.length === 0 && asksNothing(sources) && asksNothing(operations);

export default defineCheck({
  meta: {
    id: 'AUTHZ-035',
    title: 'External authorizer is asked about questions to itself',
    severity: 'medium',
    confidence: 'high',
    examines: 'CUSTOM policies whose rules match everything',
    messages: {
      circle:
        '{policy} also covers {workload}, the authorizer behind provider {provider}: each question to it is handed to it first, so that no question is answered and what the policy covers is {effect}.',
    },
    remediation:
      'Leave the authorizer out of {policy}: select the workloads that it is to guard, or exclude its port by notPorts in the rules.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-5', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh, policies }) => {
    if (actionOf(policy) !== 'CUSTOM' || isDryRun(policy)) return notApplicable('action is not CUSTOM');
    if (!rulesOf(policy).some(matchesEverything)) return notApplicable('rules do not match everything');
    const provider = stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
    const resolved = externalAuthorizer(mesh, provider);
    if (resolved.state === 'unknown') return unknown([resolved.missing]);
    if (resolved.state === 'broken') return notApplicable('provider can not be used');
    const { host, failOpen } = resolved.authorizer;
    const service = mesh.serviceByHost(host);
    if (service === undefined) return notApplicable('authorizer is no Service of the input');
    return whenKnown(policies.selection(policy), ({ value: { workloads, inert } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      const own = mesh.workloadsOf(service).filter((workload) => workloads.includes(workload));
      if (own.length === 0) return pass;
      return allOf(
        own.map((workload) =>
          whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) => {
            if (dataPlane !== 'sidecar') return pass;
            return fail({
              message: 'circle',
              at: { resource: policy, path: ['spec', 'provider'] },
              data: {
                policy: describe(mesh, policy),
                workload: `${workload.kind} ${workload.namespace}/${workload.name}`,
                provider,
                effect: failOpen ? 'let in unchecked' : 'refused',
              },
            });
          }),
        ),
      );
    });
  },
});
