import { defineCheck, describe, fail, fieldName, pass, validated } from '#check';

export default defineCheck({
  meta: {
    id: 'REF-003',
    title: 'Unknown field is dropped',
    severity: 'medium',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      dropped:
        '{object} has no field {field}: it is dropped when the object is stored, and what it says does not happen.',
    },
    remediation: 'Correct or remove {field} of {object}.',
    controls: [
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.1',
      'iso-27001-2022/A.8.9',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: validated,
  judge: ({ resource, validation: { unknownFields } }, { mesh }) => {
    if (unknownFields.length === 0) return pass;
    return fail(
      ...unknownFields.map(({ path, suggestion }) => ({
        message: 'dropped' as const,
        at: { resource, path },
        data: {
          object: describe(mesh, resource),
          field: fieldName(path),
          suggestion: suggestion ?? '',
        },
        ...(suggestion === undefined
          ? {}
          : { remediation: 'Correct or remove {field} of {object}; probably meant: {suggestion}.' }),
        ...(resource.group === 'security.istio.io' ? { severity: 'high' as const } : {}),
      })),
    );
  },
});
