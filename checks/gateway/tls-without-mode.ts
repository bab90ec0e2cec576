import { defineCheck, describe, fail, gatewayServers, notApplicable, objectAt, pass, stringAt } from '#check';
import type { JsonObject } from '#check';

const certificates = [
  'credentialName',
  'credentialNames',
  'serverCertificate',
  'privateKey',
  'tlsCertificates',
] as const;

const certificateIn = (tls: JsonObject): string | undefined =>
  certificates.find((name) => tls[name] !== undefined && tls[name] !== '');

export default defineCheck({
  meta: {
    id: 'GW-004',
    title: 'Gateway server has a tls block that does not terminate TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'servers of Istio Gateways with a tls block',
    messages: {
      plaintext:
        '{gateway} has protocol {protocol} on port {port}: its tls block is not used, and clients of {hosts} get plaintext.',
      passthrough:
        '{gateway} sets {field} on port {port} but no mode: that means PASSTHROUGH, so the gateway does not terminate TLS and the certificate is not used.',
    },
    remediation:
      'On port {port} of {gateway} set port.protocol to HTTPS and tls.mode to SIMPLE (or MUTUAL), or write tls.mode: PASSTHROUGH where the backend is meant to terminate TLS.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6', 'pci-dss-4.0.1/4.2.1'],
  },
  subjects: gatewayServers,
  judge: (server, { mesh }) => {
    const { resource, at, port, protocol } = server;
    const path = [...at.path, 'tls'];
    const tls = server.api === 'istio' ? objectAt(resource.object, ...path) : undefined;
    if (tls === undefined) return notApplicable('server has no tls block of an Istio Gateway');
    const data = { gateway: describe(mesh, resource), port };
    if (server.tls === 'PLAINTEXT')
      return fail({
        message: 'plaintext',
        at: { resource, path },
        data: { ...data, protocol, hosts: server.hosts.join(', ') },
      });
    const field = stringAt(tls, 'mode') === undefined ? certificateIn(tls) : undefined;
    if (server.tls !== 'PASSTHROUGH' || field === undefined) return pass;
    return fail({
      message: 'passthrough',
      at: { resource, path: [...path, field] },
      data: { ...data, field },
      severity: 'medium',
    });
  },
});
