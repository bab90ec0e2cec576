import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-015',
    title: 'Web application firewall fails open',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'fails-open':
        '{object} lets requests pass uninspected whenever {product} is slow, restarts or is away ({field}).',
    },
    remediation:
      'Make {object} refuse requests without an answer (failure_mode_allow: false in ext_authz and ext_proc, failOpen: false of a provider, failStrategy: FAIL_CLOSE of a plugin), and give it a timeout that {product} keeps under load.',
    tellsMoreThan: ['EXT-004', 'AUTHZ-017'],
  },
  kinds: ['fails-open'],
});
