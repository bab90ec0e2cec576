import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-022',
    title: 'Wiring of a web application firewall makes Envoy refuse the listener',
    severity: 'high',
    confidence: 'high',
    messages: {
      'refused-listener':
        'Envoy refuses the listener with the filter of {product} that {object} adds: {how}. New pods take no requests at all, running ones keep what they had.',
    },
    remediation: 'Correct the filter in {object}: {how}.',
    tellsMoreThan: ['EXT-015'],
  },
  kinds: ['refused-listener'],
});
