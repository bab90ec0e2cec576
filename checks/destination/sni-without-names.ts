import {
  defineCheck,
  describe,
  fail,
  listAt,
  notApplicable,
  pass,
  resources,
  stringAt,
  stringsAt,
  unknown,
} from '#check';
import type { CheckContext, Destination, TlsBlock } from '#check';

const namesNothing = ({ tls, mode }: TlsBlock): boolean =>
  (mode === 'SIMPLE' || mode === 'MUTUAL') &&
  tls['insecureSkipVerify'] !== true &&
  (stringAt(tls, 'sni') ?? '') !== '' &&
  listAt(tls, 'subjectAltNames').length === 0;

type Names = 'given' | 'none' | 'unknown';

/** Whether a ServiceEntry of the host gives the names that the rule does not; any entry of the host counts. */
function namesFromServiceEntry({ host, services }: Destination, { mesh }: CheckContext): Names {
  const entries = mesh
    .ofKind('networking.istio.io', 'ServiceEntry')
    .filter((entry) => stringsAt(entry.object, 'spec', 'hosts').includes(host));
  if (entries.some((entry) => listAt(entry.object, 'spec', 'subjectAltNames').length > 0)) return 'given';
  return entries.length > 0 || services.length > 0 || mesh.scope === 'complete' ? 'none' : 'unknown';
}

export default defineCheck({
  meta: {
    id: 'DR-004',
    title: 'DestinationRule checks no name in the server certificate',
    severity: 'medium',
    confidence: 'high',
    examines: 'DestinationRules that originate TLS',
    messages: {
      anyName:
        '{rule} sets sni {sni} for {host} ({reach}) without subjectAltNames: any certificate of a trusted CA is accepted, whatever its name.',
    },
    remediation:
      'Add subjectAltNames: ["{sni}"] to the tls block of {rule}, or remove sni so that Istio checks the host.',
    controls: [
      'nist-800-53-r5/SC-23',
      'nist-800-53-r5/SC-8(1)',
      'pci-dss-4.0.1/4.2.1',
      'istio-best-practices/tls-origination',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, context) => {
    const destination = context.policies.destination(rule);
    if (!destination.tls.some(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL'))
      return notApplicable('DestinationRule originates no TLS of its own');
    const unnamed = destination.tls.filter(namesNothing);
    const names = unnamed.length === 0 ? 'given' : namesFromServiceEntry(destination, context);
    if (names === 'given') return pass;
    if (names === 'unknown')
      return unknown([{ key: 'service-entry', text: `ServiceEntry of host ${destination.host}` }]);
    return fail(
      ...unnamed.map(({ at, tls, reach }) => ({
        message: 'anyName' as const,
        at: { ...at, path: [...at.path, 'sni'] },
        data: {
          rule: describe(context.mesh, rule),
          sni: stringAt(tls, 'sni') ?? '',
          host: destination.host,
          reach,
        },
      })),
    );
  },
});
