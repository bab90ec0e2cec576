import { allOf, defineCheck, describe, fail, notApplicable, pass, resources } from '#check';
import type { Mesh, Resource, TlsBlock } from '#check';

function judgeBlock({ at, tls, mode, reach }: TlsBlock, rule: Resource, host: string, mesh: Mesh) {
  const data = { rule: describe(mesh, rule), host, reach };
  const fields = Object.keys(tls);
  if (tls['mode'] === undefined && fields.length > 0)
    return fail({ message: 'plaintext', at, data: { ...data, fields: fields.join(', ') } });
  const hasCertificate = tls['clientCertificate'] !== undefined || tls['credentialName'] !== undefined;
  return mode === 'MUTUAL' && !hasCertificate ? fail({ message: 'certificate', at, data }) : pass;
}

export default defineCheck({
  meta: {
    id: 'DR-011',
    title: 'TLS settings without a mode are plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'DestinationRules with a tls block',
    messages: {
      plaintext:
        '{rule} gives {fields} for {host} ({reach}) and no mode, which means DISABLE: traffic leaves in plaintext.',
      certificate:
        '{rule} asks for mode MUTUAL to {host} ({reach}) without a client certificate: Istio sets up no TLS at all, traffic leaves in plaintext.',
    },
    remediation:
      'Set mode: SIMPLE in the tls block of {rule} for {host}, or MUTUAL with clientCertificate and privateKey, or credentialName.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/4.2.1',
      'istio-best-practices/tls-origination',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, tls } = policies.destination(rule);
    if (tls.length === 0) return notApplicable('DestinationRule has no tls block');
    return allOf(tls.map((block) => judgeBlock(block, rule, host, mesh)));
  },
});
