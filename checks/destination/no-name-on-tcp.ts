import {
  defineCheck,
  describe,
  entryOfHost,
  fail,
  isObject,
  listAt,
  notApplicable,
  pass,
  resources,
  stringAt,
  unknown,
  valueAt,
} from '#check';
import type { Resource, TlsBlock } from '#check';

const opaque = new Set(['TCP', 'MONGO', 'MYSQL', 'REDIS']);

const namesNothing = ({ tls, mode }: TlsBlock): boolean =>
  (mode === 'SIMPLE' || mode === 'MUTUAL') &&
  tls['insecureSkipVerify'] !== true &&
  (stringAt(tls, 'sni') ?? '') === '' &&
  listAt(tls, 'subjectAltNames').length === 0;

/** Ports of a ServiceEntry whose bytes the client's proxy does not read as HTTP, among those that a block is for. */
function opaquePorts(entry: Resource, { at }: TlsBlock): readonly number[] {
  const own = valueAt(at.resource.object, [...at.path.slice(0, -1), 'port', 'number']);
  return listAt(entry.object, 'spec', 'ports').flatMap((port) => {
    const number = isObject(port) ? port['number'] : undefined;
    const isOpaque = opaque.has((stringAt(port, 'protocol') ?? '').toUpperCase());
    return typeof number === 'number' && isOpaque && (own === undefined || own === number) ? [number] : [];
  });
}

export default defineCheck({
  meta: {
    id: 'DR-010',
    title: 'TLS to a TCP service checks no name',
    severity: 'medium',
    confidence: 'high',
    examines: 'DestinationRules that originate TLS',
    messages: {
      anyName:
        '{rule} originates TLS to {host}, port {port}, which is TCP, and gives no names: none is sent and none is checked, any certificate of a trusted CA is accepted.',
    },
    remediation: 'Add sni: {host} and subjectAltNames: ["{host}"] to the tls block of {rule}.',
    controls: [
      'nist-800-53-r5/SC-23',
      'nist-800-53-r5/SC-8(1)',
      'pci-dss-4.0.1/4.2.1',
      'istio-best-practices/tls-origination',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, tls } = policies.destination(rule);
    const unnamed = tls.filter(namesNothing);
    if (!tls.some(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL'))
      return notApplicable('DestinationRule originates no TLS of its own');
    if (unnamed.length === 0) return pass;
    const entry = entryOfHost(mesh, host);
    if (entry === undefined)
      return mesh.scope === 'complete'
        ? notApplicable('host has no ServiceEntry')
        : unknown([{ key: 'service-entry', text: `ServiceEntry of host ${host}` }]);
    if (listAt(entry.object, 'spec', 'subjectAltNames').length > 0) return pass;
    const open = unnamed.flatMap((block) =>
      opaquePorts(entry, block).map((port) => ({ port, at: block.at })),
    );
    if (open.length === 0) return pass;
    return fail(
      ...open.map(({ port, at }) => ({
        message: 'anyName' as const,
        at,
        data: { rule: describe(mesh, rule), host, port },
        related: [{ at: { resource: entry, path: ['spec', 'ports'] }, note: 'declares the port as TCP' }],
      })),
    );
  },
});
