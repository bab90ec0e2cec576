import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isClosedToPlaintext,
  isDryRun,
  judgeReachedPorts,
  notApplicable,
  pass,
  resources,
  rulesOf,
  slippedPast,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-004',
    title: 'Identity condition on a port that accepts plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced ALLOW and DENY policies that compare mesh identities',
    messages: {
      deny: '{policy} denies by {field}, but a plaintext caller has no identity: on port {port} of {workload} it is not denied.',
      allow:
        '{policy} allows by {field}, but a plaintext caller has no identity and so matches: on port {port} of {workload} it is let in.',
    },
    remediation:
      'Set STRICT in the PeerAuthentication that decides for {workload}; until then add a DENY policy with notPrincipals ["*"] for port {port}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/IA-9',
      'nist-800-207a/ID-SEG-REC-2',
      'istio-best-practices/strict-mtls',
    ],
    aliases: ['KIA0105'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const { mesh, policies } = context;
    const action = actionOf(policy);
    const message = action === 'DENY' ? ('deny' as const) : ('allow' as const);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action !== 'ALLOW' && action !== 'DENY') return notApplicable('action is neither ALLOW nor DENY');
    const fields = rulesOf(policy).flatMap((rule) => slippedPast(rule, action));
    if (fields.length === 0) return notApplicable('a plaintext caller slips past none of the rules');
    return judgeReachedPorts(policy, context, ({ workload, port: { number: port } }) =>
      whenKnown(policies.peerMtls(workload, port), ({ value: mode }) => {
        if (mode === 'STRICT') return pass;
        return whenKnown(policies.authorization(workload), ({ value }) => {
          if (isClosedToPlaintext(value)) return pass;
          const data = { policy: describe(mesh, policy), port, workload: describe(mesh, workload.resource) };
          return fail(
            ...fields.map(({ name, at }) => ({
              message,
              at,
              data: { ...data, field: at.path.includes('when') ? name : String(at.path.at(-1)) },
            })),
          );
        });
      }),
    );
  },
});
