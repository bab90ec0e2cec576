import { describe, expect, it } from 'vitest';
import { parseToken } from '#cli/parse-token.js';

describe('a token on the command line', () => {
  it.each([
    ['iss=a', {}],
    ['iss=a,sub=alice', { sub: 'alice' }],
    ['iss=a,aud=x,aud=y', { aud: ['x', 'y'] }],
    ['iss=a,claim.role=admin', { role: 'admin' }],
    ['iss=a,claim.https://x.example/role=admin', { 'https://x.example/role': 'admin' }],
    ['iss=a,claim[realm][roles]=one,claim[realm][roles]=two', { realm: { roles: ['one', 'two'] } }],
    ['iss=a,claim.note=one\\,two', { note: 'one,two' }],
    ['iss=a,claim.eq=b=c', { eq: 'b=c' }],
  ])('%s', (text, claims) => {
    expect(parseToken(text)).toEqual({
      issuer: 'a',
      claims,
      problem: undefined,
      keyId: undefined,
      place: { header: 'authorization', prefix: 'Bearer ' },
    });
  });

  it('may be a bad one, or signed by a certain key', () => {
    expect(parseToken('iss=a,problem=expired,kid=k1')).toMatchObject({ problem: 'expired', keyId: 'k1' });
  });

  it('keeps claims of unfortunate names apart from the language', () => {
    const { claims } = parseToken('iss=a,claim.__proto__=x,claim[constructor][prototype]=y');
    expect(Object.keys(claims)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['prototype']).toBeUndefined();
  });

  it.each([
    ['sub=alice', /iss is missing/],
    ['iss=a,alice', /"alice" has no "="/],
    ['iss=a,subject=x', /there is no "subject"/],
    ['iss=a,claim.=x', /there is no "claim\."/],
    ['iss=a,problem=expird', /no problem "expird"/],
    ['', /has no "="/],
  ])('%j is refused', (text, message) => {
    expect(() => parseToken(text)).toThrow(message);
  });
});
