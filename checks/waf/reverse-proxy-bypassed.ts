import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-029',
    title: 'Service leads past the web application firewall in front of the application',
    severity: 'high',
    confidence: 'high',
    messages: {
      'reverse-proxy-bypassed':
        'Service {service} leads past the agent to {subjects} (port {port}), where {product} listens on {listens}: requests reach the application beside it.',
    },
    remediation:
      'Set targetPort of Service {service} to {listens}, and let the application listen on 127.0.0.1 only.',
  },
  kinds: ['reverse-proxy-bypassed'],
});
