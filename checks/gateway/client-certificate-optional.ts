import {
  actionOf,
  defineCheck,
  describe,
  fail,
  fieldsOf,
  gatewayServers,
  isDryRun,
  isIdentity,
  notApplicable,
  pass,
  rulesOf,
} from '#check';
import type { CheckContext, GatewayServer, Resource } from '#check';

/** A policy at the gateway that asks for the name in the certificate makes it count. */
function isAskedFor({ resource: gateway }: GatewayServer, { policies }: CheckContext): boolean {
  const serving = policies
    .gatewayPods()
    .filter(({ gateways }) => gateways.some(({ resource }) => resource === gateway));
  return serving.some(({ workload }) =>
    policies
      .authorization(workload)
      .considered.map(({ at }) => at.resource)
      .filter(isEnforced)
      .some((policy) => rulesOf(policy).some((rule) => fieldsOf(rule).some(isIdentity))),
  );
}

const isEnforced = (policy: Resource): boolean =>
  policy.kind === 'AuthorizationPolicy' &&
  !isDryRun(policy) &&
  (actionOf(policy) === 'ALLOW' || actionOf(policy) === 'DENY');

export default defineCheck({
  meta: {
    id: 'GW-014',
    title: 'Gateway asks for a client certificate but does not require it',
    severity: 'low',
    confidence: 'medium',
    examines: 'gateway servers that ask for client certificates',
    messages: {
      optional:
        '{gateway} asks clients of {hosts} on port {port} for a certificate, yet lets in those that show none (OPTIONAL_MUTUAL).',
    },
    remediation:
      'Set tls.mode of port {port} of {gateway} to MUTUAL; or, while clients migrate, add an AuthorizationPolicy for {hosts} at the gateway that requires source.principals.',
    controls: ['nist-800-53-r5/IA-3', 'nist-800-53-r5/SC-23'],
  },
  subjects: gatewayServers,
  judge: (server, context) => {
    if (server.tls === 'MUTUAL' || server.tls === 'ISTIO_MUTUAL') return pass;
    if (server.tls !== 'OPTIONAL_MUTUAL') return notApplicable('server asks for no client certificate');
    if (isAskedFor(server, context)) return pass;
    return fail({
      message: 'optional',
      at: server.at,
      data: {
        gateway: describe(context.mesh, server.resource),
        port: server.port,
        hosts: server.hosts.join(', '),
      },
    });
  },
});
