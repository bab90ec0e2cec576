import { describe, expect, it } from 'vitest';
import { deadValue } from '#policy/written/dead-values.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, meshConfig } from '../manifests.js';

const meshWith = (normalization: string) =>
  meshOf(asText([meshConfig({ pathNormalization: { normalization } })]));
const base = meshWith('BASE');

const isDead = (name: string, value: string, mesh = base): boolean =>
  deadValue(mesh, { name }, value) !== undefined;

// pilot/pkg/security/authz/matcher/string.go: a star at one end only; generator.go: spiffe:// is put before the value.
describe('values that no request has', () => {
  it.each([
    ['principals', 'spiffe://cluster.local/ns/a/sa/b'],
    ['principals', 'cluster.local/ns/*/sa/b'],
    ['principals', 'system:serviceaccount:a:b'],
    ['source.principal', '*/ns/*/sa/b'],
    ['namespaces', 'Prod'],
    ['source.namespace', ' prod'],
    ['methods', 'get'],
    ['methods', 'GET|POST'],
    ['hosts', 'https://a.example.com'],
    ['hosts', 'a.example.com/x'],
    ['hosts', 'a.*.example.com'],
    ['paths', 'admin'],
    ['paths', '/a?b=c'],
    ['paths', '/a/.*'],
    ['paths', '^/a'],
    ['paths', '/a*b'],
    ['paths', '/%41'],
    ['paths', '/a/./b*'],
    ['paths', '/a\\b'],
    ['paths', '/a<b'],
    ['ports', '0'],
  ])('%s %s', (name, value) => {
    expect(isDead(name, value)).toBe(true);
  });

  it.each([
    ['principals', '*'],
    ['principals', '*/sa/b'],
    ['principals', 'cluster.local/ns/a/*'],
    ['namespaces', 'a*b'],
    ['methods', 'P*'],
    ['methods', '*'],
    ['hosts', '*.example.com'],
    ['hosts', 'a:*'],
    ['paths', '/'],
    ['paths', '/*'],
    ['paths', '*/x'],
    ['paths', '/a%20b'],
    ['paths', '/a%2Fb'],
    ['paths', '//a'],
    ['paths', '/a.b/v1.*'],
    ['paths', '/c$'],
    ['paths', '/a/{*}/b'],
    ['ports', '080'],
    ['remoteIpBlocks', '10.0.0.1/8'],
  ])('leaves %s %s alone', (name, value) => {
    expect(isDead(name, value)).toBe(false);
  });

  it.each([
    ['NONE', '/%41', false],
    ['MERGE_SLASHES', '//a', true],
    ['DECODE_AND_MERGE_SLASHES', '/a%2Fb', true],
  ])('with path normalization %s, %s', (mode, value, expected) => {
    expect(isDead('paths', value, meshWith(mode))).toBe(expected);
  });

  it('gives the benefit of the doubt where the mesh configuration is not known', () => {
    expect(isDead('paths', '/%41', meshOf('', { scope: 'partial' }))).toBe(false);
    expect(isDead('paths', '/a?b', meshOf('', { scope: 'partial' }))).toBe(true);
  });
});
