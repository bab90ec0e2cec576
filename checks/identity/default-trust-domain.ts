import { defineCheck, fail, noMeshConfig, notApplicable, otherClusters, pass, theMesh } from '#check';

export default defineCheck({
  meta: {
    id: 'ID-004',
    title: 'Clusters of the mesh share the default trust domain',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'meshes',
    messages: {
      default:
        'The mesh spans several clusters and keeps the trust domain cluster.local: policies cannot tell the clusters apart, nor from any other installation that kept the default.',
    },
    remediation:
      'Set trustDomain in the mesh config to a name of your own, and cluster.local among trustDomainAliases while proxies change over.',
    controls: ['nist-800-53-r5/IA-4', 'nist-800-207a/ID-SEG-REC-2'],
  },
  subjects: theMesh,
  judge: (mesh) => {
    const { settings } = mesh;
    const shown = otherClusters(mesh);
    if (shown === undefined) return notApplicable('nothing in the input shows other clusters');
    if (settings.trustDomain !== 'cluster.local') return pass;
    if (!settings.known) return noMeshConfig;
    return fail({ message: 'default', at: settings.fieldOf(['trustDomain']) ?? shown });
  },
});
