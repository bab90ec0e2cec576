import { defineCheck, duplicateProviders, fail, listAt, notApplicable, pass, theMesh } from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-027',
    title: 'Extension provider is defined twice',
    severity: 'medium',
    confidence: 'high',
    examines: 'mesh configurations',
    messages: {
      twice:
        'The mesh configuration defines provider {provider} more than once: the last definition counts, the others are dropped without a word.',
    },
    remediation:
      'Give each definition of {provider} a name of its own in extensionProviders, or delete all but one.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-3', 'istio-best-practices/validate-configuration'],
  },
  subjects: theMesh,
  judge: (mesh) => {
    if (listAt(mesh.settings.config, 'extensionProviders').length === 0)
      return notApplicable('mesh configuration defines no extension providers');
    const twice = duplicateProviders(mesh);
    if (twice.length === 0) return pass;
    return fail(
      ...twice.map(({ provider, at }) => ({
        message: 'twice' as const,
        at,
        cause: `provider ${provider}`,
        data: { provider },
      })),
    );
  },
});
