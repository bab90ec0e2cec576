import { defineCheck, describe, fail, fieldsWrittenTwice, pass, patchesOf, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-023',
    title: 'Field of a patch is written in both spellings',
    severity: 'low',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      twice:
        '{filter} writes {field} in both spellings: the one with capitals counts, and the other does nothing.',
    },
    remediation: 'Delete {field} or its other spelling from the patch of {filter}.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) => {
    const twice = patchesOf(envoyFilter).flatMap(fieldsWrittenTwice);
    if (twice.length === 0) return pass;
    return fail(
      ...twice.map(({ field, at }) => ({
        message: 'twice' as const,
        at,
        data: { filter: describe(mesh, envoyFilter), field },
      })),
    );
  },
});
