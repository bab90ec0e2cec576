import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-031',
    title: 'Headers of requests are not inspected',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'headers-left-out':
        '{object} does not send {product} the headers {headers}: attacks in headers pass, and a body whose type is not told is not parsed.',
    },
    remediation:
      'Let {object} send every header that the application reads: allowed_headers with a pattern that fits all of them (safe_regex ".*") in ext_authz, includeRequestHeadersInCheck of a provider with their names or prefixes; or ask by gRPC, which sends all of them.',
  },
  kinds: ['headers-left-out'],
});
