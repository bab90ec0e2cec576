import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-024',
    title: 'Extension provider of a web application firewall is used by no policy',
    severity: 'high',
    confidence: 'high',
    messages: {
      'provider-without-policy':
        'Provider {provider} leads to {product}, and no AuthorizationPolicy with action CUSTOM uses it: no request is inspected.',
    },
    remediation:
      'Add an AuthorizationPolicy with action CUSTOM and provider.name {provider} that selects the gateways or workloads to be inspected, with rules: [{}] for every request.',
  },
  kinds: ['provider-without-policy'],
  evidence: ['envoy-filter', 'authorization-policies'],
});
