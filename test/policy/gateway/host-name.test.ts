import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeHost, intersection, isSubset, namesFor, overlaps } from '#policy/gateway/host-name.js';
import { gatewayId } from '#policy/gateway/gateway-id.js';

const label = fc.constantFrom('a', 'b', 'cc');
const plain = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const host = fc.oneof(
  plain,
  plain.map((name) => `*.${name}`),
  fc.constant('*'),
);

describe('host names (pkg/config/host/name.go, names.go)', () => {
  it.each([
    ['a.example', 'a.example', true],
    ['a.example', 'b.example', false],
    ['*.example', 'a.example', true],
    ['a.example', '*.example', true],
    ['*.a.example', 'a.example', false],
    ['*', '*.example', true],
    ['*.b.example', '*.example', true],
    ['*.b.example', '*.c.example', false],
  ])('%s overlaps %s: %s', (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
  });

  it.each([
    [['a.example', 'b.example'], ['*.example'], ['a.example', 'b.example']],
    [
      ['a.com', '*.net'],
      ['*.com', 'b.net'],
      ['a.com', 'b.net'],
    ],
    [['a.com', '*.net'], ['*.b.net'], ['*.b.net']],
    [['a.com'], ['b.com'], []],
  ])('%j and %j have %j in common', (these, those, common) => {
    expect(intersection(these, those)).toEqual(common);
  });

  it('names for a namespace are those without one, for all, and its own', () => {
    expect(namesFor('shop', ['a.example', 'shop/b.example', 'club/c.example', '~/d.example'])).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  it('a subset overlaps, overlapping has no order, being a subset is transitive', () => {
    fc.assert(
      fc.property(host, host, host, (a, b, c) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        if (isSubset(a, b)) expect(overlaps(a, b)).toBe(true);
        if (isSubset(a, b) && isSubset(b, c)) expect(isSubset(a, c)).toBe(true);
      }),
    );
  });

  it('what two lists have in common both cover', () => {
    const hosts = fc.array(host, { maxLength: 4 });
    fc.assert(
      fc.property(hosts, hosts, (these, those) => {
        for (const name of intersection(these, those)) {
          expect(these.some((one) => isSubset(name, one))).toBe(true);
          expect(those.some((one) => isSubset(name, one))).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['web', 'web.shop.svc.cluster.local'],
    ['web.club', 'web.club'],
    ['*', '*'],
    ['10.0.0.1', '10.0.0.1'],
    ['', ''],
  ])(
    'short name %s is completed to %s (ResolveShortnameToFQDN in pilot/pkg/model/config.go)',
    (name, full) => {
      expect(completeHost(name, 'shop', 'cluster.local')).toBe(full);
    },
  );

  it.each([
    ['gw', 'shop/gw'],
    ['edge/gw', 'edge/gw'],
    ['./gw', 'shop/gw'],
    ['gw.edge', 'edge/gw'],
    ['gw.edge.svc.cluster.local', 'edge/gw'],
    ['mesh', 'mesh'],
  ])('gateway %s means %s (resolveGatewayName in pilot/pkg/model/config.go)', (name, id) => {
    expect(gatewayId(name, 'shop')).toBe(id);
  });
});
