import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-016',
    title: 'Bodies of requests are not inspected',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'no-body': '{object} sends no bodies to {product}: attacks in forms, JSON and uploads pass.',
      'body-truncated':
        '{object} sends {product} the first {bytes} bytes of a body only: what comes after is not inspected.',
    },
    remediation:
      'Let {object} send bodies: with_request_body with max_request_bytes in ext_authz (includeRequestBodyInCheck of a provider), processing_mode.request_body_mode: STREAMED in ext_proc.',
  },
  kinds: ['no-body', 'body-truncated'],
  tell: ({ kind }) =>
    kind === 'no-body'
      ? { message: 'no-body' }
      : {
          message: 'body-truncated',
          severity: 'low',
          remediation:
            'Set max_request_bytes in {object} above the longest body that the application takes, and allow_partial_message: false, so that longer ones are refused with 413.',
        },
});
