import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-010',
    title: 'Agent of a web application firewall is called by no filter',
    severity: 'high',
    confidence: 'high',
    messages: {
      'agent-without-filter':
        "Container {container} of {object} runs {product} and waits for a proxy's calls ({mode}), but no filter of the proxy calls it: no request is inspected.",
      'in-process':
        'The proxy of {object} runs in the image of {product}, but no filter calls the engine: no request is inspected.',
    },
    remediation:
      'Add an EnvoyFilter that selects {object}, inserts an {mode} filter before envoy.filters.http.router (context SIDECAR_INBOUND at a sidecar, GATEWAY at a gateway), and adds a cluster with HTTP/2 to the address where container {container} listens ({port}).',
  },
  kinds: ['agent-without-filter'],
  evidence: ['envoy-filter', 'configmap', 'gateways'],
  tell: ({ data }) =>
    data['mode'] === 'in-process'
      ? {
          message: 'in-process',
          remediation:
            'Add the filter that calls {product} (for Curiefense the EnvoyFilter with the script that requires lua.session_envoy, context GATEWAY), with a selector that fits the labels of {object}; or take Istio’s own image.',
        }
      : { message: 'agent-without-filter' },
});
