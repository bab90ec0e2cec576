import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-027',
    title: 'Filter of a web application firewall is switched off',
    severity: 'high',
    confidence: 'high',
    messages: {
      disabled: 'The filter of {product} in {object} is {how}.',
      'disabled-on-route': '{object} switches the filter of {product} off for {routes}.',
    },
    remediation:
      'Remove from {object} what switches the filter of {product} off; where one path must not be inspected, except that path alone.',
  },
  kinds: ['disabled', 'disabled-on-route'],
  tell: (gap) => ({
    message: gap.kind === 'disabled' ? 'disabled' : 'disabled-on-route',
    ...(gap.reach === 'some' && { severity: 'medium' }),
  }),
});
