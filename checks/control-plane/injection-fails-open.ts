import { defineCheck, fail, injectionWebhooks, notApplicable, pass, resources, stringAt } from '#check';
import type { Failure } from '#check';

export default defineCheck({
  meta: {
    id: 'CP-015',
    title: 'Pods start without proxy while istiod does not answer',
    severity: 'medium',
    confidence: 'high',
    examines: 'configurations of injection webhooks',
    messages: {
      ignored:
        'Webhook {webhook} of {configuration} has failurePolicy Ignore: a pod that is created while istiod is away gets no proxy, and keeps running without.',
    },
    remediation: 'Set failurePolicy: Fail for webhook {webhook} of {configuration}.',
    controls: ['nist-800-53-r5/SC-7(18)', 'nist-800-53-r5/AC-25', 'nist-800-207a/ID-SEG-REC-1'],
  },
  subjects: (context) => resources(context, 'admissionregistration.k8s.io', 'MutatingWebhookConfiguration'),
  judge: (resource, { mesh }) => {
    const own = injectionWebhooks(mesh).filter(({ configuration }) => configuration === resource);
    if (own.length === 0) return notApplicable('webhook injects no proxies');
    const failures = own.flatMap(({ path }): readonly Failure<'ignored'>[] => {
      const at = { resource, path: [...path, 'failurePolicy'] };
      if (stringAt(resource.object, ...at.path) !== 'Ignore') return [];
      const webhook = stringAt(resource.object, ...path, 'name') ?? '';
      return [{ message: 'ignored', at, data: { webhook, configuration: resource.name } }];
    });
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
