import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '#policy/rule/example.js';
import {
  namespacePattern,
  principalPattern,
  serviceAccountPatterns,
  trustDomainPattern,
} from '#policy/rule/identity-pattern.js';
import { anyTextTest, textTest } from '#policy/rule/match-pattern.js';
import { headerPattern, pattern, templatePattern, valuePattern } from '#policy/rule/pattern.js';
import type { Pattern, Piece, Wildcard } from '#policy/rule/pattern.js';

const matches = (one: Pattern, text: string): boolean => textTest(one)(text);

// pilot/pkg/security/authz/matcher/string.go, StringMatcherWithPrefix
describe('values of policies', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/', false],
    ['/a', '/A', false],
    ['/api/*', '/api/x/y', true],
    ['/api/*', '/api/', true],
    ['/api/*', '/api', false],
    ['*.js', '/x/a.js', true],
    ['*.js', '.js', true],
    ['*.js', 'a.jsx', false],
    ['*', 'anything', true],
    ['*', '', false],
    ['/a*b', '/a*b', true],
    ['/a*b', '/axb', false],
    ['*x*', 'yx*', true],
    ['*x*', 'axb', false],
    ['**', 'a*', true],
    ['**', 'a', false],
    ['/(x|y).', '/(x|y).', true],
    ['/(x|y).', '/x.', false],
    ['', '', true],
  ])('%s against %s is %s', (value, text, expected) => {
    expect(matches(valuePattern(value), text)).toBe(expected);
  });
});

// matcher/header.go, HeaderMatcher and HostMatcher
describe('values of headers and hosts', () => {
  it.each([
    ['*', '', false, true],
    ['a*', 'abc', false, true],
    ['a*', 'Abc', false, false],
    ['*.example.com', 'A.EXAMPLE.COM', true, true],
    ['Example.com', 'example.COM', true, true],
    ['example.com', 'example.com:80', true, false],
    ['example.com', 'example.com.', true, false],
  ])('%s against %s, ignoring case %s, is %s', (value, text, ignoreCase, expected) => {
    expect(matches(headerPattern(value, ignoreCase), text)).toBe(expected);
  });
});

// Envoy's source/extensions/path/uri_template_lib; matcher/template.go
describe('path templates', () => {
  it.each([
    ['/v1/{*}/items', '/v1/a/items', true],
    ['/v1/{*}/items', '/v1//items', false],
    ['/v1/{*}/items', '/v1/a/b/items', false],
    ['/v1/{*}/items', '/v1/a/items/', false],
    ['/deep/{**}', '/deep/', true],
    ['/deep/{**}', '/deep', false],
    ['/deep/{**}', '/deep/a/b', true],
    ['/mid/{**}/x', '/mid/a/b/x', true],
    ['/mid/{**}/x', '/mid/x', false],
    ['/{*}', '/a|b', false],
    ['/{*}', '/a%20b', true],
    ['/*/{*}', '/a/b', true],
  ])('%s against %s is %s', (template, path, expected) => {
    expect(matches(templatePattern(template), path)).toBe(expected);
  });
});

const identity = (domain: string, namespace: string, account: string): string =>
  `spiffe://${domain}/ns/${namespace}/sa/${account}`;

// pilot/pkg/security/authz/model/generator.go
describe('identity fields', () => {
  const alice = identity('cluster.local', 'foo', 'alice');
  it.each([
    ['cluster.local/ns/foo/sa/alice', alice, true],
    ['cluster.local/ns/foo/*', alice, true],
    ['*/sa/alice', alice, true],
    ['*', alice, true],
    ['spiffe://cluster.local/ns/foo/sa/alice', alice, false],
    ['cluster.local/ns/FOO/sa/alice', alice, false],
  ])('principal %s', (value, name, expected) => {
    expect(matches(principalPattern(value), name)).toBe(expected);
  });

  it.each([
    ['foo', alice, true],
    ['fo', alice, false],
    ['f*o', alice, true],
    ['*', alice, true],
    ['foo', identity('evil.example', 'foo', 'x'), true],
    ['f.o', alice, false],
    // A star runs past slashes, so what follows it may be found in `/sa/`.
    ['*a', identity('cluster.local', 'bar', 'x'), true],
  ])('namespace %s in %s', (value, name, expected) => {
    expect(matches(namespacePattern(value), name)).toBe(expected);
  });

  it.each([
    ['alice', 'foo', alice, true],
    ['alice', 'bar', alice, false],
    ['foo/alice', 'bar', alice, true],
    ['foo/alic', 'bar', alice, false],
    ['foo/alice', 'bar', `${alice}/version/1`, true],
    ['foo/alice', 'bar', `${alice}x`, false],
    ['foo/alice', 'bar', 'spiffe://td/ns/foo/more/sa/alice', true],
    ['foo/alice', 'bar', 'spiffe:///ns/foo/sa/alice', false],
  ])('service account %s of a policy in %s', (value, policyNamespace, name, expected) => {
    expect(anyTextTest(serviceAccountPatterns(policyNamespace, value))(name)).toBe(expected);
  });

  it.each([
    ['cluster.local', alice, true],
    ['cluster', alice, false],
    ['cluster*', alice, true],
    ['*local', alice, true],
    ['*', alice, true],
    ['*foo', alice, false],
  ])('trust domain %s', (value, name, expected) => {
    expect(matches(trustDomainPattern(value), name)).toBe(expected);
  });
});

const source: Readonly<Record<Wildcard, string>> = {
  any: '.*',
  some: '.+',
  name: '[^/]*',
  segment: '[ab]+',
  segments: '[ab/]*',
};

const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.stringMatching(/^[ab/]{1,3}$/).map((text): Piece => ({ literal: text })),
  fc
    .constantFrom<Wildcard>('any', 'some', 'name', 'segment', 'segments')
    .map((wildcard): Piece => ({ wildcard })),
);

describe('any pattern', () => {
  it('matches what the regular expression of its pieces matches', () => {
    const texts = fc.stringMatching(/^[ab/]{0,8}$/);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), texts, (pieces, text) => {
        const expression = pieces
          .map((one) => ('literal' in one ? one.literal : source[one.wildcard]))
          .join('');
        expect(matches(pattern(pieces), text)).toBe(new RegExp(`^(?:${expression})$`).test(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('matches its own examples', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const one = pattern(pieces.filter((each) => !('wildcard' in each && each.wildcard === 'name')));
        const [shortest] = examplesOf(one);
        expect(matches(one, shortest ?? '')).toBe(true);
      }),
    );
  });

  it('takes bounded time for hostile wildcards', () => {
    const hostile = namespacePattern(`${'*a'.repeat(200)}*b`);
    expect(matches(hostile, `spiffe://td/ns/${'a'.repeat(5000)}/sa/x`)).toBe(false);
    const deep = templatePattern(`/${'{**}/'.repeat(50)}end`);
    expect(matches(deep, `/${'a/'.repeat(500)}x`)).toBe(false);
  });
});
