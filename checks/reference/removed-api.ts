import { defineCheck, describe, fail, pass, validated } from '#check';

export default defineCheck({
  meta: {
    id: 'REF-004',
    title: 'API is removed from Istio',
    severity: 'high',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      removed: '{object} is of {api}, which no supported Istio reads: {reason}.',
    },
    remediation: 'Rewrite {object} for the current API, then delete it.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/supported-release'],
  },
  subjects: validated,
  judge: ({ resource, validation }, { mesh }) => {
    const removed = validation.schema.find(({ code }) => code === 'removed-api');
    if (removed === undefined) return pass;
    return fail({
      message: 'removed',
      at: { resource, path: ['apiVersion'] },
      data: {
        object: describe(mesh, resource),
        api: resource.apiVersion,
        reason: removed.message.replace(/\.$/, ''),
      },
    });
  },
});
