import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-017',
    title: 'Web application firewall only detects',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'detects-only': '{product} finds attacks on {subjects} and lets them pass: {how}.',
    },
    remediation:
      'Switch {product} to blocking where {object} keeps it from that ({how}), once its findings were read and false alarms are excepted.',
    tellsMoreThan: ['EXT-029'],
  },
  kinds: ['detects-only'],
});
