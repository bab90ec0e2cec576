import { defineCheck, fail, notApplicable, pass, whenEnrolled, whenKnown, workloadPorts } from '#check';

/** Ports of protocols in which the server speaks first, by the names that Istio's documentation warns of. */
const protocols: ReadonlyMap<number, string> = new Map([
  [25, 'SMTP'],
  [3306, 'MySQL'],
  [27017, 'MongoDB'],
]);

export default defineCheck({
  meta: {
    id: 'AUTHZ-034',
    title: 'Server speaks before policies decide',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'TCP ports of enrolled workloads',
    messages: {
      first:
        'Policies restrict port {port} of {workload}, which looks like {protocol}: there the server speaks first, and a sidecar decides when the client sends something.',
    },
    remediation:
      'Do not count on AuthorizationPolicies for the greeting of port {port} of {workload}: close the port with a NetworkPolicy as well, or with mTLS mode STRICT.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-4', 'istio-best-practices/server-first-protocols'],
  },
  subjects: workloadPorts,
  judge: ({ workload, port }, context) =>
    whenEnrolled(workload, context, (dataPlane) => {
      const protocol = protocols.get(port.number);
      if (protocol === undefined || port.protocol === 'HTTP') return notApplicable('client speaks first');
      if (dataPlane === 'ambient') return pass;
      return whenKnown(context.policies.authorization(workload), ({ value: { allow, deny, custom } }) => {
        if (allow.length + deny.length + custom.length === 0)
          return notApplicable('no policy restricts the port');
        return whenKnown(context.policies.peerMtls(workload, port.number), ({ value: mode }) =>
          mode === 'STRICT'
            ? pass
            : fail({
                message: 'first',
                at: port.at,
                data: { port: port.number, protocol, workload: workload.id },
              }),
        );
      });
    }),
});
