import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  stringAt,
  verifiesByDefault,
} from '#check';
import type { TlsBlock } from '#check';

const namesNoCa = ({ tls, mode }: TlsBlock): boolean =>
  (mode === 'SIMPLE' || mode === 'MUTUAL') &&
  tls['insecureSkipVerify'] !== true &&
  (stringAt(tls, 'caCertificates') ?? '') === '' &&
  (stringAt(tls, 'credentialName') ?? '') === '';

export default defineCheck({
  meta: {
    id: 'DR-009',
    title: 'Server certificate is not verified by this release',
    severity: 'high',
    confidence: 'high',
    examines: 'DestinationRules that originate TLS',
    messages: {
      unverified:
        '{rule} names no CA for {host} ({reach}), and this control plane does not let proxies take the CAs of the system: whoever answers is taken for the server.',
    },
    remediation:
      'Set caCertificates: system in the tls block of {rule}, or VERIFY_CERTIFICATE_AT_CLIENT=true for istiod; from Istio 1.24 on certificates are always verified.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/SC-23',
      'pci-dss-4.0.1/4.2.1',
      'istio-best-practices/tls-origination',
    ],
    aliases: ['IST0128', 'IST0129', 'snowcat/destination-rule-tls'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, tls } = policies.destination(rule);
    if (!tls.some(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL'))
      return notApplicable('DestinationRule originates no TLS of its own');
    const unnamed = tls.filter(namesNoCa);
    if (unnamed.length === 0 || verifiesByDefault(mesh)) return pass;
    return fail(
      ...unnamed.map(({ at, reach }) => ({
        message: 'unverified' as const,
        at,
        data: { rule: describe(mesh, rule), host, reach },
      })),
    );
  },
});
