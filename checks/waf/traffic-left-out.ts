import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-028',
    title: 'Some traffic never passes the web application firewall',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'ports-left-out': 'Requests to {subjects} on {ports} never pass {product}: {note}.',
      'callers-left-out': 'Requests of {callers} to {subjects} never pass {product}: {note}.',
    },
    remediation:
      'Let the filter of {object} match every port and caller (no portNumber, transportProtocol or destinationPort), give HTTP ports a name or appProtocol that says so, and take inspected ports out of excludeInboundPorts.',
    tellsMoreThan: ['EXT-025'],
  },
  kinds: ['ports-left-out', 'callers-left-out'],
});
