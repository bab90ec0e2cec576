import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  plaintextPorts,
  resources,
  startsTls,
  stringsAt,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-006',
    title: 'Traffic leaves the mesh as plaintext HTTP',
    severity: 'medium',
    confidence: 'medium',
    examines: 'ServiceEntries for hosts outside',
    messages: {
      plaintext:
        '{entry} lets workloads call {hosts} on port {port} in plaintext HTTP, and no DestinationRule starts TLS towards it.',
    },
    remediation:
      'Add a DestinationRule for {hosts} with tls.mode SIMPLE (and subjectAltNames), with targetPort: 443 on port {port} of {entry}; or declare the port with protocol HTTPS where the application itself starts TLS.',
    controls: ['nist-800-53-r5/SC-8(1)', 'pci-dss-4.0.1/4.2.1', 'istio-best-practices/tls-origination'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    const ports = plaintextPorts(entry);
    if (ports.length === 0) return notApplicable('no plaintext HTTP port to the outside');
    const hosts = stringsAt(entry.object, 'spec', 'hosts').filter((host) => !startsTls(mesh, host));
    if (hosts.length === 0) return pass;
    if (mesh.scope === 'partial')
      return unknown([{ key: 'destination-rule', text: `DestinationRules for ${hosts.join(', ')}` }]);
    return allOf(
      ports.map(({ number, at }) =>
        fail({
          message: 'plaintext',
          at,
          data: { entry: describe(mesh, entry), hosts: hosts.join(', '), port: number },
        }),
      ),
    );
  },
});
