import { defineCheck, describe, fail, notApplicable, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'DR-002',
    title: 'DestinationRule accepts any server certificate',
    severity: 'high',
    confidence: 'high',
    examines: 'DestinationRules that originate TLS',
    messages: {
      unverified:
        '{rule} sets insecureSkipVerify for {host} ({reach}): TLS is {mode}, but whoever answers is taken for the server.',
    },
    remediation:
      'Remove insecureSkipVerify from {rule}; name the CA with caCertificates (or credentialName) and the server with subjectAltNames.',
    controls: [
      'nist-800-53-r5/SC-23',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/4.2.1',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, tls } = policies.destination(rule);
    const originating = tls.filter(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL');
    if (originating.length === 0) return notApplicable('DestinationRule originates no TLS of its own');
    const unverified = originating.filter((one) => one.tls['insecureSkipVerify'] === true);
    if (unverified.length === 0) return pass;
    return fail(
      ...unverified.map(({ at, mode, reach }) => ({
        message: 'unverified' as const,
        at: { ...at, path: [...at.path, 'insecureSkipVerify'] },
        data: { rule: describe(mesh, rule), host, mode, reach },
      })),
    );
  },
});
