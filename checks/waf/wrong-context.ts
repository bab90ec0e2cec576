import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-020',
    title: 'Wiring of a web application firewall does not reach the traffic that is meant',
    severity: 'high',
    confidence: 'high',
    messages: {
      'wrong-context': '{object} is to wire in {product} and does not reach the requests: {how}.',
      'never-runs-here': 'The plugin of {product} in {object} never runs there: {how}.',
    },
    remediation:
      'Let {object} select the proxies and the direction that are meant: workloadSelector.labels as on the pod template, in the namespace of the pods or the root namespace; context SIDECAR_INBOUND or GATEWAY; ports of the pod; for a plugin mode SERVER at sidecars and CLIENT at gateways, or none.',
    tellsMoreThan: ['EXT-005', 'EXT-016', 'REF-001'],
  },
  kinds: ['wrong-context', 'never-runs-here'],
});
