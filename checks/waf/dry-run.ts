import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-026',
    title: 'Policy of a web application firewall is in dry run',
    severity: 'high',
    confidence: 'high',
    messages: {
      'dry-run':
        '{object}, which is to let {product} decide, carries istio.io/dry-run: {product} is never asked.',
    },
    remediation: 'Remove the annotation istio.io/dry-run from {object}.',
    tellsMoreThan: ['AUTHZ-006'],
  },
  kinds: ['dry-run'],
});
