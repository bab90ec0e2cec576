import {
  defineCheck,
  fail,
  injectionWebhooks,
  namespaces,
  notApplicable,
  pass,
  shownRevisions,
  unknown,
} from '#check';

const label = 'istio.io/rev';

export default defineCheck({
  meta: {
    id: 'ENR-005',
    title: 'Namespace asks for a revision that nobody serves',
    severity: 'high',
    confidence: 'medium',
    examines: 'namespaces with the label istio.io/rev',
    messages: {
      absent:
        'Namespace {namespace} asks for revision {revision}; control planes and tags are there for {known} only, so that no pod gets a sidecar.',
    },
    remediation:
      'Label namespace {namespace} with istio.io/rev=<one of {known}>, or make a revision tag {revision}; restart the pods.',
    controls: [
      'nist-800-53-r5/CM-6',
      'nist-800-53-r5/AC-25',
      'nist-800-207a/MON-CNA-REQ-1',
      'nist-800-53-r5/SC-8(1)',
    ],
  },
  subjects: namespaces,
  judge: (namespace, { mesh }) => {
    const { labels, resource, name } = namespace;
    const revision = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (revision === undefined || resource === undefined || Object.hasOwn(labels, 'istio-injection'))
      return notApplicable('namespace asks for no revision');
    if (injectionWebhooks(mesh).length > 0)
      return notApplicable('webhooks of the input decide: what they leave out is reported by workload');
    const known = shownRevisions(mesh);
    if (known.includes(revision)) return pass;
    if (known.length === 0 || mesh.scope === 'partial')
      return unknown([{ key: 'control-plane', text: `control plane or tag of revision ${revision}` }]);
    return fail({
      message: 'absent',
      at: { resource, path: ['metadata', 'labels', label] },
      data: { namespace: name, revision, known: known.join(', ') },
    });
  },
});
