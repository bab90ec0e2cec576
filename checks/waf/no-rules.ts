import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-018',
    title: 'Web application firewall has no rules to match',
    severity: 'high',
    confidence: 'high',
    messages: {
      'no-rules':
        '{product} runs in {object} without rules that apply: {how}. Requests pass as if it were not there.',
    },
    remediation:
      'Give {product} in {object} rules and make them the ones that apply: for Coraza include @owasp_crs/*.conf in the set that default_directives names, and check per_authority_directives.',
  },
  kinds: ['no-rules'],
});
