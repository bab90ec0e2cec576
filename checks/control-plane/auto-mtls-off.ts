import { defineCheck, fail, noMeshConfig, pass, theMesh } from '#check';

export default defineCheck({
  meta: {
    id: 'CP-002',
    title: 'Automatic mTLS is switched off',
    severity: 'high',
    confidence: 'high',
    examines: 'meshes',
    messages: {
      off: 'enableAutoMtls is false: proxies send plaintext to every host that no DestinationRule sets ISTIO_MUTUAL for.',
    },
    remediation: 'Remove enableAutoMtls from the mesh config (true is the default).',
    controls: ['nist-800-204/MS-SS-4', 'nist-800-207a/ID-SEG-REC-1', 'nist-800-53-r5/SC-8(1)'],
  },
  subjects: theMesh,
  judge: ({ settings }) => {
    const at = settings.fieldOf(['enableAutoMtls']);
    if (settings.config['enableAutoMtls'] === false && at !== undefined) return fail({ message: 'off', at });
    return settings.known ? pass : noMeshConfig;
  },
});
