import { gapCheck } from '#check';

const remedies = {
  'cluster-missing':
    'Add cluster {cluster} for the proxy of {subjects} (applyTo: CLUSTER, operation: ADD, no context or the one of the filter), with HTTP/2 and the address of the agent of {product}.',
  'address-mismatch':
    'Make cluster {cluster} and the agent of {product} agree: set the address in {object} to {listens}, or let the agent listen on {address}.',
  'cluster-without-http2':
    'Add http2_protocol_options: {} (or the typed HttpProtocolOptions with explicit_http_config.http2_protocol_options) to cluster {cluster}.',
} as const;

export default gapCheck({
  meta: {
    id: 'WAF-013',
    title: 'Filter does not reach the agent of the web application firewall',
    severity: 'high',
    confidence: 'high',
    messages: {
      'cluster-missing':
        '{object} calls cluster {cluster} for {product}, which the proxy of {subjects} does not have: no request reaches the agent.',
      'address-mismatch':
        'Cluster {cluster} leads to {address}, but the agent of {product} listens on {listens}: no request of {subjects} reaches it.',
      'cluster-without-http2':
        '{object} lets the proxy of {subjects} speak gRPC over cluster {cluster}, which has no HTTP/2: no call reaches the agent of {product}.',
    },
    remediation: remedies['cluster-missing'],
    tellsMoreThan: ['EXT-022'],
  },
  kinds: ['cluster-missing', 'address-mismatch', 'cluster-without-http2'],
  evidence: ['cluster', 'service', 'configmap', 'secret', 'pod'],
  tell: ({ kind }) =>
    kind === 'address-mismatch' || kind === 'cluster-without-http2'
      ? { message: kind, remediation: remedies[kind] }
      : { message: 'cluster-missing' },
});
