import {
  actionOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  isForWaypoints,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  unknown,
} from '#check';

const dead = new Set(['ipBlocks', 'source.ip', 'connection.sni']);

export default defineCheck({
  meta: {
    id: 'AUTHZ-024',
    title: 'Rule of a waypoint compares what it does not see',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies of waypoints',
    messages: {
      open: '{policy} compares {field}, which a waypoint does not see: what the {action} rule is to keep out is not kept out.',
      closed:
        '{policy} compares {field}, which a waypoint does not see: the {action} rule refuses what it is to let through.',
    },
    remediation:
      'Replace {field} in {policy} by principals or namespaces; compare addresses in a policy without targetRefs, which ztunnel enforces.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7', 'pci-dss-4.0.1/7.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const action = actionOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    const isWaypoints = isForWaypoints(mesh, policy);
    if (isWaypoints === false) return notApplicable('policy is not for a waypoint');
    const fields = constraintsOf(policy).filter(({ name }) => dead.has(name));
    if (fields.length === 0) return pass;
    if (isWaypoints === undefined)
      return unknown([{ key: 'gateway', text: `Gateway that ${describe(mesh, policy)} names` }]);
    return fail(
      ...fields.map((field) => {
        const opens = opensWhenDead(action, field);
        return {
          message: opens ? ('open' as const) : ('closed' as const),
          at: field.at,
          data: {
            policy: describe(mesh, policy),
            action,
            field: field.at.path.includes('when') ? field.name : String(field.at.path.at(-1)),
          },
          ...(opens ? {} : { severity: 'low' as const }),
        };
      }),
    );
  },
});
