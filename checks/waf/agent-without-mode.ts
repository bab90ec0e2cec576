import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-011',
    title: 'Agent of a web application firewall takes no requests',
    severity: 'high',
    confidence: 'high',
    messages: {
      'agent-without-mode':
        'Container {container} of {object} runs {product} in no mode in which it takes requests: nothing is inspected by it.',
    },
    remediation:
      'Give container {container} of {object} the setting of the mode that is meant (for Signal Sciences SIGSCI_ENVOY_GRPC_ADDRESS, SIGSCI_REVPROXY_LISTENER or SIGSCI_RPC_ADDRESS), and what that mode needs around it.',
  },
  kinds: ['agent-without-mode'],
  evidence: ['configmap', 'secret', 'pod'],
});
