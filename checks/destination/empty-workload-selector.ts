import { defineCheck, describe, fail, listAt, notApplicable, objectAt, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'DR-016',
    title: 'Empty workloadSelector hides a DestinationRule from other namespaces',
    severity: 'medium',
    confidence: 'high',
    examines: 'DestinationRules with a workloadSelector',
    messages: {
      hidden:
        '{rule} has a workloadSelector without labels: it is for the clients of namespace {namespace} only, and what others send to {host} does not have the TLS that it sets.',
    },
    remediation:
      'Remove workloadSelector from {rule} if it is for all clients; write exportTo: ["."] if it is for those of {namespace}.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const selector = objectAt(rule.object, 'spec', 'workloadSelector');
    if (selector === undefined) return notApplicable('DestinationRule has no workloadSelector');
    if (Object.keys(objectAt(selector, 'matchLabels') ?? {}).length > 0) return pass;
    const { tls, host } = policies.destination(rule);
    const exportTo = listAt(rule.object, 'spec', 'exportTo');
    if (!tls.some(({ mode }) => mode !== 'DISABLE')) return notApplicable('DestinationRule starts no TLS');
    if (exportTo.length === 1 && exportTo[0] === '.') return pass;
    return fail({
      message: 'hidden',
      at: { resource: rule, path: ['spec', 'workloadSelector'] },
      data: { rule: describe(mesh, rule), namespace: mesh.namespaceOf(rule), host },
    });
  },
});
