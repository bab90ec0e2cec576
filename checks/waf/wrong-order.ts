import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-021',
    title: 'Web application firewall stands at the wrong place of the filter chain',
    severity: 'high',
    confidence: 'high',
    messages: {
      'wrong-order': '{object} puts {product} where requests no longer come by: {how}.',
      phase: '{object} lets {product} run at the wrong time: {how}.',
    },
    remediation:
      'Insert the filter of {object} with INSERT_FIRST, or INSERT_BEFORE envoy.filters.http.router; give a plugin the phase AUTHN or AUTHZ.',
    tellsMoreThan: ['EXT-015'],
  },
  kinds: ['wrong-order', 'phase'],
  tell: (gap) => ({
    message: gap.kind === 'phase' ? 'phase' : 'wrong-order',
    ...(gap.kind === 'phase' && { severity: 'low' }),
  }),
});
