import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-030',
    title: 'Proxy image has no engine of the web application firewall',
    severity: 'high',
    confidence: 'high',
    messages: {
      'engine-missing':
        '{object} calls {product} inside of the proxy, but that runs in image {image}, which does not have it: Envoy refuses the listener or the script fails.',
    },
    remediation:
      'Run the proxies that {object} selects in the image of {product} (for Curiefense curiefense/curieproxy-istio), or remove the filter.',
    tellsMoreThan: ['EXT-015'],
  },
  kinds: ['engine-missing'],
  evidence: ['proxy-image'],
});
