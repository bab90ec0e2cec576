import {
  allOf,
  defineCheck,
  fail,
  noMeshConfig,
  outsideProviders,
  pass,
  startsTls,
  theMesh,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'TEL-005',
    title: 'Traces or logs leave the cluster in plaintext',
    severity: 'medium',
    confidence: 'medium',
    examines: 'extension providers of the mesh config',
    messages: {
      plaintext:
        'Provider {name} sends traces or logs to {host}, outside of the cluster, and no DestinationRule starts TLS towards it: paths, queries and tags travel readable.',
    },
    remediation:
      'Add a ServiceEntry and a DestinationRule with tls.mode SIMPLE for {host}, or send to a collector in the cluster that forwards with TLS.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/AU-9', 'pci-dss-4.0.1/4.2.1'],
  },
  subjects: theMesh,
  judge: (mesh) => {
    const plain = outsideProviders(mesh).filter(({ host }) => !startsTls(mesh, host));
    if (plain.length === 0) return mesh.settings.known ? pass : noMeshConfig;
    if (mesh.scope === 'partial')
      return unknown(
        plain.map(({ host }) => ({ key: 'destination-rule', text: `DestinationRules for ${host}` })),
      );
    return allOf(plain.map(({ name, host, at }) => fail({ message: 'plaintext', at, data: { name, host } })));
  },
});
