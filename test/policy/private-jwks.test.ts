import { expect, it } from 'vitest';
import { privateJwks } from '#policy/private-jwks.js';
import { sampleResource } from '../check/sample.js';

const set = (...keys: readonly object[]): string => JSON.stringify({ keys });

// Members of keys: RFC 7517, RFC 7518 section 6.
it.each([
  [set({ kty: 'RSA', n: 'a', e: 'AQAB' }), 'public'],
  [set({ kty: 'RSA', n: 'a', e: 'AQAB' }, { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }), 'private'],
  [set({ kty: 'oct', k: 'a' }), 'symmetric'],
  [set({ kty: 'oct' }), 'symmetric'],
  ['no JSON', 'public'],
  ['{"keys":{"d":"x"}}', 'public'],
  ['[]', 'public'],
])('key set %s is %s', (jwks, kind) => {
  const policy = sampleResource('RequestAuthentication', 'p', { spec: { jwtRules: [{}, { jwks }] } });
  const found = privateJwks(policy);
  expect(found.map((one) => one.kind)).toEqual([kind]);
  expect(found[0]?.at.path).toEqual(['spec', 'jwtRules', 1, 'jwks']);
  expect(JSON.stringify(found.map((one) => one.kind))).not.toContain('AQAB');
});
