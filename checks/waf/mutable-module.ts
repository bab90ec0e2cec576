import { gapCheck } from '#check';

export default gapCheck({
  meta: {
    id: 'WAF-023',
    title: 'Module of a web application firewall can be replaced',
    severity: 'medium',
    confidence: 'high',
    messages: {
      'mutable-module':
        '{object} loads the module of {product} from {url}, which names neither a digest nor a checksum: whoever can push there decides what inspects the requests.',
    },
    remediation: 'Name the module of {object} by its digest ({url}@sha256:\u2026), or set its sha256.',
    tellsMoreThan: ['EXT-002'],
  },
  kinds: ['mutable-module'],
});
