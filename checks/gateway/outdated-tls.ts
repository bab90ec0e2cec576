import { defineCheck, describe, fail, gatewayServers, notApplicable, pass, stringsAt, valueAt } from '#check';
import type { CheckContext, FieldRef, GatewayServer } from '#check';

/** Cipher suites that TLS versions before 1.2 can use; Envoy's default list holds none of them. */
const isOldSuite = (suite: string): boolean => suite.endsWith('-SHA');

/** The server's own field: the mesh config's minimum can not be below 1.2. */
function fieldOf({ resource, at }: GatewayServer): FieldRef {
  const path = [...at.path, 'tls', 'minProtocolVersion'];
  return valueAt(resource.object, path) === undefined ? at : { resource, path };
}

function suitesOf({ resource, at }: GatewayServer, { mesh }: CheckContext): readonly string[] {
  const own = stringsAt(resource.object, ...at.path, 'tls', 'cipherSuites');
  return own.length > 0 ? own : stringsAt(mesh.settings.config, 'tlsDefaults', 'cipherSuites');
}

export default defineCheck({
  meta: {
    id: 'GW-003',
    title: 'Gateway allows outdated TLS versions',
    severity: 'high',
    confidence: 'high',
    examines: 'servers of gateways',
    messages: {
      accepted: '{gateway} accepts TLS {version} on port {port}: its cipher suites include {suites}.',
      allowed:
        '{gateway} allows TLS {version} on port {port}; only the missing cipher suites for it keep such clients out.',
      below: '{gateway} accepts TLS {version} on port {port}, and {least} is the least version asked for.',
    },
    remediation:
      'Set minProtocolVersion to TLSV1_2 or TLSV1_3 on port {port} of {gateway}, or remove the field: 1.2 is the default.',
    controls: ['nist-800-53-r5/SC-13', 'nist-800-53-r5/SC-8(1)', 'pci-dss-4.0.1/4.2.1'],
    options: {
      minVersion: {
        enum: ['1.2', '1.3'],
        default: '1.2',
        description: 'The least TLS version that a gateway may accept.',
      },
    },
  },
  subjects: gatewayServers,
  judge: (server, context, { minVersion }) => {
    const { minTls } = server;
    if (minTls === undefined) return notApplicable('server does not terminate TLS');
    if (minTls === '1.3' || minTls === minVersion) return pass;
    const suites = suitesOf(server, context).filter(isOldSuite);
    const data = { gateway: describe(context.mesh, server.resource), port: server.port, version: minTls };
    const at = fieldOf(server);
    if (minTls === '1.2')
      return fail({
        message: 'below',
        at,
        data: { ...data, least: minVersion },
        severity: 'medium',
        remediation: 'Set minProtocolVersion to TLSV1_3 on port {port} of {gateway}.',
      });
    return suites.length === 0
      ? fail({ message: 'allowed', at, data, severity: 'medium' })
      : fail({ message: 'accepted', at, data: { ...data, suites: suites.join(', ') } });
  },
});
