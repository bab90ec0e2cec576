import { defineCheck, fail, isArray, noMeshConfig, pass, theMesh } from '#check';

/** Values that stand for more than a namespace. */
const known = new Set(['*', '.', '~']);

export default defineCheck({
  meta: {
    id: 'DR-015',
    title: 'Default visibility of DestinationRules names a namespace',
    severity: 'low',
    confidence: 'high',
    examines: 'meshes',
    messages: {
      named:
        'defaultDestinationRuleExportTo names namespace {value}, which istiod reads as "*": a DestinationRule without exportTo is seen by clients of every namespace, and sets the TLS of their calls.',
    },
    remediation:
      'Set defaultDestinationRuleExportTo of the mesh config to ["."], and exportTo of the DestinationRules that others are to see.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-4'],
  },
  subjects: theMesh,
  judge: ({ settings }) => {
    const written = settings.config['defaultDestinationRuleExportTo'];
    const at = settings.fieldOf(['defaultDestinationRuleExportTo']);
    const values = isArray(written) ? written : [];
    const value = values.find((one) => typeof one === 'string' && !known.has(one));
    if (typeof value === 'string' && at !== undefined) return fail({ message: 'named', at, data: { value } });
    return settings.known ? pass : noMeshConfig;
  },
});
