import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, parseAddress, parseRange } from '#policy/rule/address.js';
import { firstAddress } from '#policy/rule/example.js';

const contains = (range: string, address: string): boolean | undefined => {
  const [one, other] = [parseRange(range), parseAddress(address)];
  return one && other && isInRange(other, one);
};

// pilot/pkg/networking/util/util.go, AddrStrToPrefix (Go's net/netip)
describe('address ranges', () => {
  it.each([
    ['10.1.0.0/16', '10.1.2.3', true],
    ['10.1.0.0/16', '10.2.0.0', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.99/24', '10.1.2.1', true],
    ['0.0.0.0/0', '203.0.113.5', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/32', '2001:db8:1::2', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::ffff:10.0.0.0/104', '10.0.0.1', false],
    ['::/0', 'fe80::1', true],
    ['fe80::1%eth0', 'fe80::1', true],
    ['fe80::1%eth0', 'fe80::2', false],
  ])('%s holds %s: %s', (range, address, expected) => {
    expect(contains(range, address)).toBe(expected);
  });

  it.each([
    '',
    'bad',
    '10.1.2',
    '10.1.2.3.4',
    '010.1.2.3',
    '10.1.2.256',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
  ])('refuses %s', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it.each([
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%',
    'fe80::1%eth0/64',
    '10.1.2.3%eth0',
    '12345::',
    '::1.2.3',
    '2001:db8::/129',
  ])('refuses %s', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('holds its own first address', () => {
    const v4 = fc.tuple(fc.ipV4(), fc.nat({ max: 32 }));
    const v6 = fc.tuple(fc.ipV6(), fc.nat({ max: 128 }));
    fc.assert(
      fc.property(fc.oneof(v4, v6), ([address, bits]) => {
        const range = parseRange(`${address}/${bits}`);
        const own = parseAddress(address);
        const first = range && parseAddress(firstAddress(range));
        expect(range && own && first && isInRange(own, range) && isInRange(first, range)).toBe(true);
      }),
    );
  });
});
