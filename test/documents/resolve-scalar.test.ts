import { describe, expect, it } from 'vitest';
import { keyText, resolveScalar } from '#documents/resolve-scalar.js';

/** What sigs.k8s.io/yaml 1.6 (go.yaml.in/yaml/v2 resolve.go) gave for each plain scalar. */
const cases: readonly (readonly [string, string | number | boolean | null])[] = [
  ['', null],
  ['~', null],
  ['Null', null],
  ['y', true],
  ['yes', true],
  ['On', true],
  ['TRUE', true],
  ['n', false],
  ['No', false],
  ['OFF', false],
  ['yEs', 'yEs'],
  ['tRue', 'tRue'],
  ['0777', 511],
  ['0o14', 12],
  ['0888', 888],
  ['08', 8],
  ['0b101', 5],
  ['-0b101', -5],
  ['0x1F', 31],
  ['-0x1f', -31],
  ['+5', 5],
  ['1_000', 1000],
  ['_1', '_1'],
  ['1e3', 1000],
  ['1E+3', 1000],
  ['.5', 0.5],
  ['.5_0', '.5_0'],
  ['1.', 1],
  ['+.5', 0.5],
  ['1e400', '1e400'],
  ['190:20:30', '190:20:30'],
  ['12:30:45', '12:30:45'],
  ['2001-12-14', '2001-12-14'],
  ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
  ['.inf', Infinity],
  ['-.INF', -Infinity],
  ['inf', 'inf'],
  ['18446744073709551615', 18446744073709552000],
  ['18446744073709551616', 18446744073709552000],
  ['0x1ffffffffffffffff', '0x1ffffffffffffffff'],
  ['1.2.3', '1.2.3'],
  ['10.0.0.1', '10.0.0.1'],
  ['<<', '<<'],
  ['500m', '500m'],
  ['-', '-'],
  ['.', '.'],
  ['+', '+'],
];

describe('resolveScalar', () => {
  it.each(cases)('reads %j as go-yaml does', (text, value) => {
    expect(resolveScalar(text)).toStrictEqual(value);
  });
  it('gives .nan as a number', () => {
    expect(resolveScalar('.nan')).toBeNaN();
  });
});

describe('keyText', () => {
  it.each([
    ['1', '1'],
    ['0777', '511'],
    ['yes', 'true'],
    ['off', 'false'],
    ['1.5', '1.5'],
    ['1.10', '1.1'],
    ['1.5e9', '1.5e+09'],
    ['1e-7', '1e-07'],
    ['8080', '8080'],
    ['x', 'x'],
  ])('makes a JSON key of %s', (text, key) => {
    expect(keyText(resolveScalar(text), text)).toBe(key);
  });
  it('refuses null', () => {
    expect(keyText(null, '~')).toBeUndefined();
  });
});
