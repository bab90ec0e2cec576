import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Advisory } from '#policy/installation/advisory.js';
import { affects } from '#policy/installation/advisory.js';
import { advisories } from '#policy/installation/generated/advisories.js';
import { releases } from '#policy/installation/generated/releases.js';
import { knownAdvisories } from '#policy/installation/known-advisories.js';
import { supportOf } from '#policy/installation/release.js';
import { parseRelease } from '#policy/installation/version.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, namespace, object } from '../manifests.js';

const shop = namespace('shop');

function release(text: string) {
  const parsed = parseRelease(text);
  if (parsed === undefined) throw new Error(`no release: ${text}`);
  return parsed;
}

function numbers(version: string, objects: readonly JsonObject[] = [], options: MeshOfOptions = {}) {
  const found = knownAdvisories(meshOf(asText([shop, ...objects]), options), release(version));
  return {
    counting: found.counting
      .map(({ advisory, shown }) => `${advisory.id.slice(-8)}${shown ? '!' : ''}`)
      .sort(),
    undecided: found.undecided.map(({ id }) => id.slice(-8)).sort(),
    fixedIn: found.fixedIn,
  };
}

describe('releases that a bulletin names (https://istio.io/latest/news/security/)', () => {
  const advisory: Advisory = {
    id: 'ISTIO-SECURITY-2000-001',
    date: '2000-01-01',
    cves: [],
    affected: [
      { before: [1, 11, 0] },
      { from: [1, 12, 0], to: [1, 12, 3] },
      { from: [1, 13, 0], to: [1, 13, 0] },
    ],
    exposure: 'anything',
  };

  it.each([
    ['1.5', true],
    ['1.10.9', true],
    ['1.11.0', false],
    ['1.11', false],
    ['1.12.0', true],
    ['1.12.3', true],
    ['1.12.4', false],
    ['1.12', undefined],
    ['1.13.0', true],
    ['1.13.1', false],
    ['2.0.0', false],
  ])('%s: %s', (version, expected) => {
    expect(affects(advisory, release(version))).toBe(expected);
  });

  it('says of a line without patch number what holds for each of its patches, or nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...advisories), fc.nat(35), fc.nat(20), (each, minor, patch) => {
        const ofLine = affects(each, { major: 1, minor, patch: undefined });
        return ofLine === undefined || ofLine === affects(each, { major: 1, minor, patch });
      }),
    );
  });
});

describe('bulletins that bear on a mesh', () => {
  const keys = object('security.istio.io/v1/RequestAuthentication', 'shop/tokens', {
    jwtRules: [{ issuer: 'https://example.com', jwksUri: 'https://example.com/keys' }],
  });

  it('counts those that the release alone decides', () => {
    expect(numbers('1.30.0')).toEqual({
      counting: ['2026-004', '2026-006'],
      undecided: [],
      fixedIn: '1.30.4',
    });
  });

  it('leaves out in a whole cluster what needs a pattern that is not there', () => {
    expect(numbers('1.29.1').counting).not.toContain('2026-003');
    expect(numbers('1.29.1', [keys]).counting).toContain('2026-003!');
    expect(numbers('1.29.1', [], { scope: 'partial' }).undecided).toEqual(['2026-003']);
  });

  it('does not leave out what has other parts than the pattern', () => {
    expect(numbers('1.29.0').counting).toContain('2026-001');
    expect(numbers('1.29.0', [keys]).counting).toContain('2026-001!');
  });

  it('names no fix for a line that the table does not know', () => {
    expect(numbers('1.5.0').fixedIn).toBeUndefined();
  });

  it.each([
    [
      '2021-006',
      '1.9.0',
      object('networking.istio.io/v1/Gateway', 'shop/east', {
        selector: { istio: 'eastwest' },
        servers: [
          {
            port: { number: 15443, name: 'tls', protocol: 'TLS' },
            hosts: ['*.local'],
            tls: { mode: 'AUTO_PASSTHROUGH' },
          },
        ],
      }),
    ],
    [
      '2021-005',
      '1.9.0',
      object('security.istio.io/v1/AuthorizationPolicy', 'shop/admin', {
        action: 'DENY',
        rules: [{ to: [{ operation: { paths: ['/admin'] } }] }],
      }),
    ],
    [
      '2020-009',
      '1.6.0',
      object('security.istio.io/v1/AuthorizationPolicy', 'shop/test', {
        action: 'DENY',
        rules: [{ from: [{ source: { namespaces: ['*-test'] } }] }],
      }),
    ],
    [
      '2025-001',
      '1.27.0',
      object('networking.istio.io/v1/EnvoyFilter', 'shop/proxy', {
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            patch: { operation: 'ADD', value: { name: 'envoy.filters.http.dynamic_forward_proxy' } },
          },
        ],
      }),
    ],
  ])('%s shows in a mesh of %s', (number, version, exposed) => {
    expect(numbers(version).counting.join()).not.toContain(number);
    expect(numbers(version, [exposed]).counting).toContain(`${number}!`);
  });
});

describe('support of release lines (https://istio.io/latest/docs/releases/supported-releases/)', () => {
  const on = (version: string, today?: string) =>
    supportOf(meshOf(asText([shop]), today === undefined ? {} : { today }), release(version));

  it.each([
    ['1.31.0', undefined, true],
    ['1.28.3', undefined, false],
    ['1.28.3', '2026-07-01', true],
    ['1.28.3', '2026-07-02', false],
    ['1.5.0', undefined, false],
    ['0.8.0', undefined, false],
  ])('%s on %s: %s', (version, today, supported) => {
    expect(on(version, today)?.supported).toBe(supported);
  });

  it('knows nothing of a line that came after the table', () => {
    expect(on('1.99.0')).toBeUndefined();
  });

  it('tells forecasts from days that have been', () => {
    expect(on('1.30.0')?.expected).toBe(true);
    expect(on('1.20.0')?.expected).toBe(false);
  });

  it('has its lines in order, newest first, without gaps', () => {
    const minors = releases.map(({ line }) => Number(line.split('.')[1]));
    expect(minors).toEqual(minors.map((_, index) => (minors[0] ?? 0) - index));
    for (const { released, endOfSupport } of releases) expect(released < endOfSupport).toBe(true);
  });
});
