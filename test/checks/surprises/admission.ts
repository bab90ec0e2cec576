import { surprises } from './surprise.js';

/** What is stored and means something else, and what is refused. */
export const admission = surprises('4', [
  ['1', 'matchExpressions is dropped and the policy is for all', 'AUTHZ-012 wide', 'forms'],
  ['2', 'A forgotten from leaves an empty rule', 'AUTHZ-002 everything', 'from-forgotten'],
  ['2 field', 'What stands in its place is dropped', 'REF-003 dropped', 'misspelt'],
  ['3', 'Values that never match are stored', 'AUTHZ-007 open', 'deny'],
  ['3 allow', 'In ALLOW they close', 'AUTHZ-007 closed', 'allow'],
  ['4', 'An empty list targetRefs is as none', 'AUTHZ-012 no-refs', 'no-target-refs'],
  ['4 labels', 'Labels that no pod can have select nothing', 'REF-001 nothing', 'misspelt-label'],
  ['5 issuer', 'A rule without an issuer is stored', 'JWT-007 any', 'no-issuer'],
  ['5 twice', 'One issuer twice: the weaker rule counts', 'JWT-008 weaker', 'two-policies'],
  ['5 http', 'Keys over http are stored', 'JWT-002 plaintext', 'jwks-uri'],
  ['5 key', 'A symmetric or private key is stored with a warning', 'JWT-005 symmetric', 'keys'],
  ['5 empty', 'An empty key set is stored', 'closed: no token is valid'],
  ['6 mode', 'tls without a mode is stored and means DISABLE', 'DR-011 plaintext', 'blocks'],
  ['6 names', 'Empty subjectAltNames are stored', 'DR-004 anyName', 'port'],
  [
    '6 mutual',
    'Certificates beside ISTIO_MUTUAL are ignored',
    'the certificate of the mesh is used, as the mode says',
  ],
  ['6 export', 'An empty exportTo is stored', 'the same as without it'],
  ['7 mode', 'HTTPS with an empty tls is stored', 'GW-004 passthrough', 'http-and-missing-mode'],
  ['7 selector', 'An empty selector is for every gateway', 'GW-012 every', 'no-selector'],
  ['7 protocol', 'A protocol in small letters, or UDP, is stored', 'read as meant, or not served at all'],
  ['ports', 'Ports of a policy without a selector are ignored', 'MTLS-008 ignored', 'stored'],
  ['refused', 'An empty source is refused', 'REF-002 refused', 'surprises'],
]);
