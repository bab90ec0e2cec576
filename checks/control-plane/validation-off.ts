import { defineCheck, fail, pass, shownControlPlanes, unknown, validationWebhooks } from '#check';

export default defineCheck({
  meta: {
    id: 'CP-016',
    title: 'Broken policies are not refused',
    severity: 'medium',
    confidence: 'high',
    examines: 'control planes',
    messages: {
      missing:
        'No validating webhook of Istio stands in the cluster of revision {revision}: a policy that cannot be enforced is stored, and the one before it is gone.',
      ignored:
        'Webhook {webhook} of {configuration} has failurePolicy Ignore: while istiod does not answer, policies that cannot be enforced are stored.',
    },
    remediation: 'Install the chart istio/base (it brings the validating webhook), with failurePolicy Fail.',
    controls: [
      'istio-best-practices/validate-configuration',
      'nist-800-53-r5/CM-6(1)',
      'nist-800-53-r5/SC-7(18)',
    ],
  },
  subjects: shownControlPlanes,
  judge: ({ revision, resource }, { mesh }) => {
    const webhooks = validationWebhooks(mesh);
    const [ignoring] = webhooks.filter(({ ignores }) => ignores);
    if (ignoring !== undefined) {
      const { configuration, name, at } = ignoring;
      return fail({
        message: 'ignored',
        at,
        data: { revision, webhook: name, configuration: configuration.name },
      });
    }
    if (webhooks.length > 0) return pass;
    if (mesh.scope === 'partial' || !resource.stored)
      return unknown([{ key: 'validating-webhook', text: 'ValidatingWebhookConfiguration of Istio' }]);
    return fail({ message: 'missing', at: { resource, path: ['metadata', 'name'] }, data: { revision } });
  },
});
