import {
  actionOf,
  defineCheck,
  describe,
  fail,
  fieldsOf,
  isDryRun,
  isForWaypoints,
  judgeReached,
  notApplicable,
  pass,
  resources,
  rulesOf,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-019',
    title: 'Client address from a header that anybody can send',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with rules',
    messages: {
      forged:
        '{action} rule of {policy} compares {field} at {workload}: a sidecar takes the last address of X-Forwarded-For, which any client can write.',
      waypoint:
        '{action} rule of {policy} compares {field}: a waypoint takes the last address of X-Forwarded-For, which any client in the mesh can write.',
    },
    remediation:
      'Compare {field} at the gateway, whose proxies in front are known; in {policy} compare principals or namespaces instead.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7', 'pci-dss-4.0.1/7.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const action = actionOf(policy);
    const rules = rulesOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    if (rules.length === 0) return notApplicable('policy has no rules');
    const fields = rules
      .flatMap(fieldsOf)
      .filter(({ name }) => name === 'remoteIpBlocks' || name === 'remote.ip');
    if (fields.length === 0) return pass;
    const data = { policy: describe(context.mesh, policy), action };
    if (isForWaypoints(context.mesh, policy) === true)
      return fail(
        ...fields.map(({ at, name }) => ({
          message: 'waypoint' as const,
          at,
          data: { ...data, field: name },
        })),
      );
    return whenKnown(context.policies.selection(policy), ({ value }) =>
      judgeReached(value, context, (workload, dataPlane) => {
        if (dataPlane !== 'sidecar') return notApplicable('policy reaches no sidecar');
        const reached = describe(context.mesh, workload.resource);
        return fail(
          ...fields.map(({ at, name }) => ({
            message: 'forged' as const,
            at,
            data: { ...data, field: name, workload: reached },
          })),
        );
      }),
    );
  },
});
