import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-012',
    title: 'Filter calls a web application firewall that is not there',
    severity: 'high',
    confidence: 'high',
    messages: {
      open: '{object} lets the proxy ask {product} at {address}, where no agent is, and lets requests pass without an answer: nothing is inspected.',
      closed:
        '{object} lets the proxy ask {product} at {address}, where no agent is: every request is refused.',
    },
    remediation:
      'Run the agent of {product} where {object} calls it ({address}): as a container of {subjects} for an address of the pod, else as a Service with its workload; or narrow the selector of {object} to the workloads that have it.',
    tellsMoreThan: ['EXT-022'],
  },
  kinds: ['filter-without-agent'],
  evidence: ['agent', 'cluster', 'service'],
  tell: (gap) => ({ message: gap.data['onFailure'] === 'open' ? 'open' : 'closed' }),
});
