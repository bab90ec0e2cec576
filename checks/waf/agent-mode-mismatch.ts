import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-014',
    title: 'Agent of a web application firewall runs in another mode than it is asked in',
    severity: 'high',
    confidence: 'high',
    messages: {
      'agent-mode-mismatch':
        'The filter asks container {container} of {product} by {asked}, but that takes requests as {mode}: no call is answered.',
    },
    remediation:
      'Give container {container} of {object} the setting for {asked} (for Signal Sciences SIGSCI_ENVOY_GRPC_ADDRESS, for ext_proc also SIGSCI_ENVOY_EXTPROC_ENABLED=true), or remove the filter where {mode} is meant.',
  },
  kinds: ['agent-mode-mismatch'],
  evidence: ['configmap', 'secret', 'pod'],
});
