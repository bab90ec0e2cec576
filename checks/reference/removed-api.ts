import { defineCheck, describe, fail, pass, removedApi, validated } from '#check';

export default defineCheck({
  meta: {
    id: 'REF-004',
    title: 'API is removed from Istio',
    severity: 'high',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      removed: '{api} ({kind}) is gone since {release}, and nothing reads {object}. It was for {purpose}.',
    },
    remediation: 'Say in {replacement} what is still wanted, then delete what is of {api}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/supported-release'],
  },
  subjects: validated,
  judge: ({ resource, validation }, { mesh }) => {
    const removed = removedApi(resource.group, resource.kind);
    if (removed === undefined || !validation.schema.some(({ code }) => code === 'removed-api')) return pass;
    const { purpose, removedIn, replacement } = removed;
    const one = `${resource.apiVersion} ${replacement}`;
    return fail({
      message: 'removed',
      at: { resource, path: ['apiVersion'] },
      cause: one,
      like: one,
      data: {
        object: describe(mesh, resource),
        api: resource.apiVersion,
        kind: resource.kind,
        release: /^\d/.test(removedIn) ? `Istio ${removedIn}` : removedIn,
        purpose,
        replacement,
      },
    });
  },
});
