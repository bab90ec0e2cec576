import {
  credentialFate,
  defineCheck,
  describe,
  fail,
  gatewayServers,
  notApplicable,
  pass,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-011',
    title: 'Gateway does not get the certificate that it names',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway servers with credentials',
    messages: {
      missing:
        'The certificate of {gateway} port {port} does not reach the gateway: {reason}. Clients of {hosts} get no TLS connection there.',
    },
    remediation:
      'Create a Secret of type kubernetes.io/tls (keys tls.crt and tls.key; ca.crt for client certificates) in the namespace of the gateway pods, under the name that port {port} of {gateway} gives; for the Gateway API add a ReferenceGrant where it lies in another namespace.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/CM-6',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['IST0101', 'IST0161'],
  },
  subjects: gatewayServers,
  judge: (server, { mesh, policies }) => {
    if (server.tls === 'PASSTHROUGH' || server.tls === 'AUTO_PASSTHROUGH' || server.tls === 'PLAINTEXT')
      return notApplicable('server uses no certificate of its own');
    const { named, reasons, missing } = credentialFate(mesh, server, policies.gatewayPods());
    if (named === 0) return notApplicable('server names no credential');
    const data = {
      gateway: describe(mesh, server.resource),
      port: server.port,
      hosts: server.hosts.join(', '),
    };
    if (reasons.length > 0)
      return fail({ message: 'missing', at: server.at, data: { ...data, reason: reasons.join('; ') } });
    return missing.length > 0 ? unknown(missing) : pass;
  },
});
