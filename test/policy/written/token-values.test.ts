import { expect, it } from 'vitest';
import { deadClaim, writtenIssuer } from '#policy/written/token-values.js';

// requestPrincipalGenerator in pilot/pkg/security/authz/model/generator.go: cut at the last slash, stars at the ends.
it.each([
  ['*', false, undefined],
  ['https://a.example/*', false, 'https://a.example'],
  ['https://a.example/alice', false, 'https://a.example'],
  ['*/alice', false, undefined],
  ['a*', false, undefined],
  ['https://a-*', true, undefined],
  ['https://*', true, undefined],
  ['alice', true, undefined],
  ['https://*.example/alice', true, undefined],
])('request principal %s: dead %j, issuer %j', (value, dead, exactly) => {
  const issuer = writtenIssuer(value);
  expect(issuer.dead !== undefined).toBe(dead);
  expect(issuer.exactly).toBe(exactly);
});

// Claims are matched as texts or lists of texts (MetadataListValueMatcher); scope is split at blanks.
it.each([
  ['request.auth.claims[email_verified]', 'true', true],
  ['request.auth.claims[exp]', '1', true],
  ['request.auth.claims[scope]', 'a b', true],
  ['request.auth.claims[scope]', 'a', false],
  ['request.auth.claims[group]', 'a b', false],
  ['request.auth.claims[realm][email_verified]', 'true', false],
  ['request.headers[exp]', '1', false],
])('%s with %s: dead %j', (key, value, dead) => {
  expect(deadClaim(key, value) !== undefined).toBe(dead);
});
