import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, authorization, outcome, policy, shopWith } from './ask.js';

const keys = (kid: string): string => JSON.stringify({ keys: [{ kty: 'RSA', kid }] });
const a = { issuer: 'https://a.example', jwks: keys('a') };
const b = { issuer: 'https://b.example', jwks: keys('b') };

const authentication = (...jwtRules: readonly JsonObject[]): string =>
  policy('RequestAuthentication', 'r', { jwtRules: [...jwtRules] });
const required = authorization('p', { rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] });
const when = (key: string, ...values: readonly string[]): string =>
  authorization('p', { rules: [{ when: [{ key, values: [...values] }] }] });

const token = (change: JsonObject = {}): JsonObject => ({
  issuer: 'https://a.example',
  claims: { sub: 'u' },
  ...change,
});
const claims = (more: JsonObject): JsonObject => ({ token: token({ claims: { sub: 'u', ...more } }) });
const refused = 'denied jwt';
const denied = 'denied authorization';

// pilot/pkg/security/authn/policy_applier.go, convertToEnvoyJwtConfig; Envoy's jwt_authn filter
describe('tokens', () => {
  it.each<[string, readonly JsonObject[], JsonObject, string]>([
    ['no token', [a], {}, 'allowed'],
    ['a good token', [a], { token: token() }, 'allowed'],
    ['an expired token', [a], { token: token({ problem: 'expired' }) }, refused],
    ['a token signed with another key', [a], { token: token({ problem: 'wrong-key' }) }, refused],
    ['a key id that the rule does not have', [a], { token: token({ keyId: 'b' }) }, refused],
    ['an unknown issuer', [a], { token: token({ issuer: 'https://x.example' }) }, refused],
    [
      'an issuer claim that is not the signer',
      [a],
      { token: token({ issuer: 'https://b.example', claims: { iss: 'https://a.example' } }) },
      refused,
    ],
    ['another audience', [{ ...a, audiences: ['api'] }], claims({ aud: 'web' }), refused],
    ['one audience of a list', [{ ...a, audiences: ['api'] }], claims({ aud: ['web', 'api'] }), 'allowed'],
    [
      'an audience with scheme and slash',
      [{ ...a, audiences: ['https://api'] }],
      claims({ aud: 'http://api/' }),
      'allowed',
    ],
    ['no audience asked', [a], claims({ aud: 'web' }), 'allowed'],
    ['a subject that is no string', [a], claims({ sub: 5 }), refused],
    ['a token without expiry', [a], claims({ exp: null }), 'allowed'],
    [
      'a place nobody looks at',
      [a],
      { token: token({ in: { header: 'x-jwt' }, problem: 'expired' }) },
      'allowed',
    ],
    [
      'the default parameter',
      [a],
      { token: token({ in: { param: 'access_token' }, problem: 'expired' }) },
      refused,
    ],
    ['an empty default parameter', [a], { http: { path: '/?access_token=' } }, refused],
    [
      'lower-case bearer',
      [a],
      { token: token({ in: { header: 'authorization', prefix: 'bearer ' }, problem: 'expired' }) },
      'allowed',
    ],
    ['Bearer with nothing behind', [a], { http: { headers: { authorization: 'Bearer ' } } }, 'allowed'],
    ['Bearer with something else', [a], { http: { headers: { Authorization: 'Bearer  x' } } }, refused],
    [
      'a cookie',
      [{ ...a, fromCookies: ['s'] }],
      { token: token({ in: { cookie: 's' }, problem: 'expired' }) },
      refused,
    ],
    [
      'a header with prefix',
      [{ ...a, fromHeaders: [{ name: 'X-Jwt', prefix: 'T ' }] }],
      { token: token({ in: { header: 'x-jwt', prefix: 'T ' }, problem: 'expired' }) },
      refused,
    ],
    [
      'a header without its prefix',
      [{ ...a, fromHeaders: [{ name: 'X-Jwt', prefix: 'T ' }] }],
      { token: token({ in: { header: 'x-jwt' }, problem: 'expired' }) },
      'allowed',
    ],
    [
      'a prefix that the rule does not know',
      [{ ...a, fromHeaders: [{ name: 'x-jwt' }] }],
      { token: token({ in: { header: 'x-jwt', prefix: 'T ' } }) },
      refused,
    ],
    [
      'own locations replace the default',
      [{ ...a, fromParams: ['t'] }],
      { token: token({ problem: 'expired' }) },
      'allowed',
    ],
    [
      'keys that can not be fetched',
      [{ issuer: a.issuer, jwksUri: 'http://localhost/keys' }],
      { token: token() },
      refused,
    ],
    [
      'keys that can be fetched',
      [{ issuer: a.issuer, jwksUri: 'https://a.example/keys' }],
      { token: token() },
      'allowed',
    ],
    ['an empty key set', [{ issuer: a.issuer, jwks: '{"keys":[]}' }], { token: token() }, refused],
    [
      'a second rule of the same issuer accepts it',
      [
        { ...a, audiences: ['x'] },
        { ...a, audiences: ['api'] },
      ],
      claims({ aud: 'api' }),
      'allowed',
    ],
    ['any issuer, by key', [{ issuer: '', jwks: keys('a') }], { token: token({ keyId: 'a' }) }, 'allowed'],
    ['any issuer, whose key is not known', [{ issuer: '', jwks: keys('a') }], { token: token() }, 'unknown'],
  ])('%s', (_, rules, request, expected) => {
    expect(outcome(ask(shopWith([authentication(...rules)]), request))).toBe(expected);
  });

  it('are held against a clock where one is given', () => {
    const policies = shopWith([authentication(a)]);
    const request = claims({ exp: 1000, nbf: 500 });
    const at = (now: number): string => ask(policies, request, { now }).verdict;
    expect([at(400), at(450), at(1000), at(1060), at(1061)]).toEqual([
      'denied',
      'allowed',
      'allowed',
      'allowed',
      'denied',
    ]);
  });

  it('are not looked at in a preflight, nor on a TCP port', () => {
    const policies = shopWith([authentication(a)]);
    const bad = { token: token({ problem: 'expired' }) };
    const headers = { origin: 'https://o.example', 'access-control-request-method': 'PUT' };
    const preflight = { ...bad, http: { method: 'OPTIONS', headers } };
    expect(ask(policies, preflight).verdict).toBe('allowed');
    expect(ask(policies, { ...preflight, http: { method: 'GET', headers } }).stage).toBe('jwt');
    expect(
      ask(policies, { ...bad, to: { namespace: 'shop', workload: 'Deployment/cart', port: 9000 } }).verdict,
    ).toBe('allowed');
  });
});

describe('several tokens', () => {
  const inHeader = (name: string, change: JsonObject = {}): JsonObject =>
    token({ in: { header: name }, ...change });
  const ofB = { issuer: 'https://b.example', claims: { sub: 'v' } };
  const two = [
    { ...a, fromHeaders: [{ name: 'x-a' }] },
    { ...b, fromHeaders: [{ name: 'x-b' }] },
  ];
  const principal = (...values: readonly string[]): string => when('request.auth.principal', ...values);

  it.each<[string, string, readonly JsonObject[], string]>([
    [
      'the first rule by issuer gives the identity',
      principal('https://a.example/u'),
      [inHeader('x-a'), inHeader('x-b', ofB)],
      'allowed',
    ],
    [
      'the other identity does not exist',
      principal('https://b.example/v'),
      [inHeader('x-a'), inHeader('x-b', ofB)],
      denied,
    ],
    [
      'the second counts when the first is bad',
      principal('https://b.example/v'),
      [inHeader('x-a', { problem: 'expired' }), inHeader('x-b', ofB)],
      'allowed',
    ],
    [
      'all bad',
      principal('*'),
      [inHeader('x-a', { problem: 'expired' }), inHeader('x-b', { ...ofB, problem: 'expired' })],
      refused,
    ],
  ])('%s', (_, document, tokens, expected) => {
    expect(outcome(ask(shopWith([authentication(...two), document]), { tokens: [...tokens] }))).toBe(
      expected,
    );
  });

  it('of one rule must all be good', () => {
    const policies = shopWith([authentication(a)]);
    const bad = token({ in: { param: 'access_token' }, problem: 'expired' });
    expect(ask(policies, { tokens: [token(), bad] }).stage).toBe('jwt');
    expect(ask(policies, { tokens: [token(), token({ in: { param: 'access_token' } })] }).verdict).toBe(
      'allowed',
    );
  });
});

// pilot/pkg/security/authz/model/generator.go, requestPrincipalGenerator and requestClaimGenerator
describe('what policies see of a token', () => {
  const principals = (...values: readonly string[]): string =>
    authorization('p', { rules: [{ from: [{ source: { requestPrincipals: [...values] } }] }] });
  it.each<[string, string, JsonObject, string]>([
    ['no token', required, {}, denied],
    ['no subject', required, { token: token({ claims: {} }) }, denied],
    ['issuer and subject', principals('https://a.example/u'), { token: token() }, 'allowed'],
    ['any subject', principals('https://a.example/*'), { token: token() }, 'allowed'],
    ['any issuer', principals('*/u'), { token: token() }, 'allowed'],
    ['the last slash divides', principals('*/u'), claims({ sub: 'x/u' }), denied],
    ['an issuer with a star is that text', principals('https://a*'), { token: token() }, denied],
    ['subjects with a prefix', principals('https://a.example/al*'), claims({ sub: 'alice' }), 'allowed'],
    ['a member of a list', when('request.auth.claims[g]', 'admin'), claims({ g: ['x', 'admin'] }), 'allowed'],
    [
      'a nested claim',
      when('request.auth.claims[realm][roles]', 'root'),
      claims({ realm: { roles: ['root'] } }),
      'allowed',
    ],
    ['a dot does not nest', when('request.auth.claims[a.b]', 'c'), claims({ a: { b: 'c' } }), denied],
    ['a name with a dot', when('request.auth.claims[a.b]', 'c'), claims({ 'a.b': 'c' }), 'allowed'],
    ['a boolean', when('request.auth.claims[v]', 'true'), claims({ v: true }), denied],
    ['presence of an empty string', when('request.auth.claims[v]', '*'), claims({ v: '' }), denied],
    ['presence of an empty list', when('request.auth.claims[v]', '*'), claims({ v: [] }), denied],
    [
      'scope is split',
      when('request.auth.claims[scope]', 'write'),
      claims({ scope: 'read write' }),
      'allowed',
    ],
    ['another claim is not', when('request.auth.claims[other]', 'b'), claims({ other: 'a b' }), denied],
    ['the audience', when('request.auth.audiences', 'api'), claims({ aud: ['api'] }), 'allowed'],
    ['the presenter', when('request.auth.presenter', 'c'), claims({ azp: 'c' }), 'allowed'],
    ['a prototype key is no claim', when('request.auth.claims[__proto__]', '*'), { token: token() }, denied],
  ])('%s', (_, document, request, expected) => {
    expect(outcome(ask(shopWith([authentication(a), document]), request))).toBe(expected);
  });

  it('claims that a rule splits', () => {
    const policies = shopWith([
      authentication({ ...a, spaceDelimitedClaims: ['roles'] }),
      when('request.auth.claims[roles]', 'b'),
    ]);
    expect(ask(policies, claims({ roles: 'a b' })).verdict).toBe('allowed');
  });

  // Envoy's jwt_authn/extractor.cc, sanitizeHeaders
  it('headers that a rule puts out can not be forged', () => {
    const output = { ...a, outputClaimToHeaders: [{ header: 'X-Sub', claim: 'sub' }] };
    const policies = shopWith([authentication(output), when('request.headers[x-sub]', 'u')]);
    expect(ask(policies, { http: { headers: { 'x-sub': 'u' } } }).verdict).toBe('denied');
    expect(ask(policies, { token: token() }).verdict).toBe('allowed');
    expect(
      ask(policies, { token: token({ claims: { sub: 'v' } }), http: { headers: { 'x-sub': 'u' } } }).verdict,
    ).toBe('denied');
  });

  it('the token itself is taken out, unless it is forwarded', () => {
    const seen = when('request.headers[authorization]', '*');
    expect(ask(shopWith([authentication(a), seen]), { token: token() }).verdict).toBe('denied');
    const forwarded = authentication({ ...a, forwardOriginalToken: true });
    expect(ask(shopWith([forwarded, seen]), { token: token() }).verdict).toBe('allowed');
  });
});
