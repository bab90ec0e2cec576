import { defineCheck, describe, fail, gatewayServers, notApplicable, pass, stringsAt } from '#check';
import type { CheckContext, FieldRef, GatewayServer } from '#check';

/** No forward secrecy, CBC with SHA-1, or broken ciphers; Envoy's default list has none of them. */
const isWeak = (suite: string): boolean =>
  /^(?:AES|DES|RC4|NULL|EXP|PSK|CAMELLIA|SEED|IDEA)/i.test(suite) ||
  /(?:-SHA|3DES|DES-CBC|RC4|NULL|MD5)/i.test(suite.replace(/-SHA(?:256|384)$/, ''));

interface Suites {
  readonly list: readonly string[];
  readonly at: FieldRef | undefined;
}

function suitesOf({ resource, at }: GatewayServer, { mesh }: CheckContext): Suites {
  const path = [...at.path, 'tls', 'cipherSuites'];
  const own = stringsAt(resource.object, ...path);
  if (own.length > 0) return { list: own, at: { resource, path } };
  const wide = ['tlsDefaults', 'cipherSuites'];
  return { list: stringsAt(mesh.settings.config, ...wide), at: mesh.settings.fieldOf(wide) };
}

export default defineCheck({
  meta: {
    id: 'GW-015',
    title: 'Gateway accepts weak cipher suites',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway servers that terminate TLS',
    messages: {
      weak: 'Cipher suites {suites} are accepted for {gateway}: they have no forward secrecy or use outdated algorithms.',
    },
    remediation:
      'Remove {suites} from cipherSuites; without the field only suites with forward secrecy and authenticated encryption are accepted.',
    controls: ['nist-800-53-r5/SC-13', 'nist-800-53-r5/SC-8(1)', 'pci-dss-4.0.1/4.2.1'],
  },
  subjects: gatewayServers,
  judge: (server, context) => {
    if (server.minTls === undefined) return notApplicable('server does not terminate TLS');
    if (server.minTls === '1.3' || server.tls === 'ISTIO_MUTUAL') return pass;
    const { list, at } = suitesOf(server, context);
    const weak = list.filter(isWeak);
    if (weak.length === 0) return pass;
    return fail({
      message: 'weak',
      at: at ?? server.at,
      data: { gateway: describe(context.mesh, server.resource), suites: weak.join(', ') },
    });
  },
});
