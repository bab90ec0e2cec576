import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-025',
    title: 'Some requests never reach the web application firewall',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'requests-left-out': '{object} lets {product} see a part of the requests only; uninspected are {what}.',
    },
    remediation:
      'Let {object} cover every request (rules: [{}] of a CUSTOM policy, filter_enabled and filter_enabled_metadata of a filter left away), and name exceptions by notPaths one by one.',
  },
  kinds: ['requests-left-out'],
});
