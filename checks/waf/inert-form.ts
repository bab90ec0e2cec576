import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-019',
    title: 'Wiring of a web application firewall is written in a form that is no longer read',
    severity: 'high',
    confidence: 'high',
    messages: {
      'inert-form': '{object} is to wire in {product} and does nothing: {how}.',
    },
    remediation:
      'Write {object} in the form that this release reads: names such as envoy.filters.network.http_connection_manager and envoy.filters.http.ext_authz, and typed_config with a v3 type.',
    tellsMoreThan: ['EXT-007', 'REF-002'],
  },
  kinds: ['inert-form'],
});
