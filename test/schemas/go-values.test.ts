import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoDuration } from '#schemas/go-duration.js';
import { parseGoRequestUri, parseGoUrl } from '#schemas/go-url.js';
import { compileGoPattern, goPattern } from '#schemas/go-pattern.js';
import { addressFamily, isPrefix } from '#schemas/ip-address.js';
import { suggestName } from '#schemas/suggest.js';

/** Rows by Go's time.ParseDuration. */
const durations: readonly (readonly [string, bigint | undefined])[] = [
  ['0', 0n],
  ['1s', 1_000_000_000n],
  ['-1.5s', -1_500_000_000n],
  ['+5s', 5_000_000_000n],
  ['1h30m', 5_400_000_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['1ms', 1_000_000n],
  ['100us', 100_000n],
  ['1µs', 1_000n],
  ['', undefined],
  ['s', undefined],
  ['.s', undefined],
  ['1', undefined],
  ['1d', undefined],
  ['1 s', undefined],
  ['1S', undefined],
  ['--1s', undefined],
  ['9223372036854775807ns', 9_223_372_036_854_775_807n],
  ['9223372036854775808ns', undefined],
  ['3000000h', undefined],
  [`${'0'.repeat(2000)}1s`, 1_000_000_000n],
  [`${'9'.repeat(2000)}s`, undefined],
  [`0.${'9'.repeat(2000)}s`, 1_000_000_000n],
  ['1ms'.repeat(1000), 1_000_000_000n],
  // Go multiplies fractions in floating point.
  ['0.000000001001h', 3_603n],
];

/** Rows by Go's url.Parse and url.ParseRequestURI. */
const urls: readonly (readonly [string, string | undefined, boolean])[] = [
  ['https://a.example/b', 'https://a.example', true],
  ['HTTP://a:80', 'http://a:80', true],
  ['https://user:pass@a/', 'https://a', true],
  ['https://[::1]:8080/', 'https://[::1]:8080', true],
  ['a/b', '://', false],
  ['a:b', 'a://', true],
  ['/a', '://', true],
  ['', '://', false],
  [':a', undefined, false],
  ['1a:b', undefined, false],
  ['https://a b/', undefined, false],
  ['https://a:port/', undefined, false],
  ['https://a/%zz', undefined, false],
  ['https://[::1/', undefined, false],
  ['https://a\u0000/', undefined, false],
  ['https://a%20b/', undefined, false],
  ['https://a#%zz', undefined, false],
];

/** Rows by Go's netip.ParseAddr and netip.ParsePrefix. */
const addressTable: readonly (readonly [string, 4 | 6 | undefined])[] = [
  ['10.0.0.1', 4],
  ['010.0.0.1', undefined],
  ['10.0.0', undefined],
  ['256.0.0.1', undefined],
  ['::', 6],
  ['::1', 6],
  ['1:2:3:4:5:6:7:8', 6],
  ['1:2:3:4:5:6:7', undefined],
  ['1:2:3:4:5:6:7::8', undefined],
  ['::ffff:10.0.0.1', 6],
  ['fe80::1%eth0', 6],
  ['fe80::1%', undefined],
  [' 10.0.0.1', undefined],
  ['1::2::3', undefined],
];

const prefixTable: readonly (readonly [string, boolean])[] = [
  ['10.0.0.0/8', true],
  ['10.1.2.3/8', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/08', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/-1', false],
  ['10.0.0.0/8/8', false],
  ['fd00::/128', true],
  ['fd00::/129', false],
  ['fe80::%eth0/64', false],
];

describe('values as Go reads them', () => {
  it.each(durations)('duration %j', (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
  });

  it.each(urls)('URL %j', (text, parsed, isRequest) => {
    const url = parseGoUrl(text);
    expect(url && `${url.scheme}://${url.host}`).toBe(parsed);
    expect(parseGoRequestUri(text) !== undefined).toBe(isRequest);
  });

  it.each(addressTable)('address %j', (text, family) => {
    expect(addressFamily(text)).toBe(family);
  });

  it.each(prefixTable)('prefix %j', (text, valid) => {
    expect(isPrefix(text)).toBe(valid);
  });

  it('takes patterns as RE2 does', () => {
    expect(goPattern('^(?i)a$').test('A')).toBe(true);
    expect(goPattern('^a$').test('a\n')).toBe(false);
    expect(compileGoPattern('(?=a)')).toBeUndefined();
    expect(goPattern('(?=a)').test('a')).toBe(false);
    // Go's regexp/syntax has no objection to groups of one name.
    expect(goPattern('^(?P<n>a)(?<n>b)$').test('ab')).toBe(true);
    expect(compileGoPattern('(?P<n>a)(?P<n>b')).toBeUndefined();
    expect(compileGoPattern('(?P<a-b>a)')).toBeUndefined();
  });

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseGoDuration(text);
        parseGoUrl(text);
        addressFamily(text);
        isPrefix(text);
      }),
    );
  });
});

describe('suggestName', () => {
  it.each([
    ['matchLabel', 'matchLabels'],
    ['match_labels', 'matchLabels'],
    ['portlevelmtls', 'portLevelMtls'],
    ['slector', 'selector'],
    ['selecotr', 'selector'],
    ['banana', undefined],
    ['mtls', undefined],
  ])('%s → %s', (name, meant) => {
    expect(suggestName(name, ['matchLabels', 'portLevelMtls', 'selector', 'mtls'])).toBe(meant);
  });
});
