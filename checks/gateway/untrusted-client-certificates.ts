import { defineCheck, describe, fail, gatewayServers, notApplicable, pass } from '#check';

const asksForCertificate = new Set(['MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL']);

export default defineCheck({
  meta: {
    id: 'GW-005',
    title: 'Gateway accepts client certificates that no trusted CA signed',
    severity: 'high',
    confidence: 'high',
    examines: 'servers of gateways',
    messages: {
      untrusted:
        '{gateway} asks for a client certificate on port {port} but accepts one of any issuer, self-signed ones too.',
    },
    remediation:
      'On port {port} of {gateway} remove insecureSkipVerify (Gateway API: the validation mode AllowInsecureFallback), so that only certificates of the configured CA are accepted.',
    controls: ['nist-800-53-r5/SC-23', 'nist-800-53-r5/IA-3', 'nist-800-204/MS-SS-4'],
  },
  subjects: gatewayServers,
  judge: (server, { mesh, policies }) => {
    if (!asksForCertificate.has(server.tls)) return notApplicable('server asks for no client certificate');
    const at = policies.untrustedClientCertificates(server);
    if (at === undefined) return pass;
    return fail({
      message: 'untrusted',
      at,
      data: { gateway: describe(mesh, server.resource), port: server.port },
    });
  },
});
