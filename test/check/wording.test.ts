import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#check';
import { fieldName, templateVariableIn } from '#check';
import { enumerate, missingPlaceholder, renderMessage } from '#check/render-message.js';

describe('renderMessage', () => {
  it.each([
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd'], 'a, b, c and 1 more'],
  ])('enumerates %j as %s', (values, text) => {
    expect(enumerate(values, String)).toBe(text);
  });

  it('fills values as they are, never as templates of their own', () => {
    expect(renderMessage('{a} {b}', [{ a: '{b} $&', b: 'x' }])).toBe('{b} $& x');
  });

  it.each([
    [[{ port: 80 }], 'on port 80 of gw'],
    [[{ port: 80 }, { port: 443 }], 'on ports 80 and 443 of gw'],
    [[{ port: '80, 443' }], 'on ports 80, 443 of gw'],
  ])('puts the noun before the values of %j into their number', (data, text) => {
    expect(renderMessage('on port {port} of gw', data)).toBe(text);
  });

  it('finds no value in a prototype', () => {
    expect(missingPlaceholder(['toString'], {})).toBe('toString');
    expect(missingPlaceholder(['subjects'], undefined)).toBeUndefined();
  });
});

it.each([
  [['spec', 'servers', 0, 'tls'], 'spec.servers[0].tls'],
  [['metadata', 'annotations', 'istio.io/dry-run'], 'metadata.annotations["istio.io/dry-run"]'],
  [['spec', 'portLevelMtls', '9080'], 'spec.portLevelMtls.9080'],
])('names %j', (path, name) => {
  expect(fieldName(path)).toBe(name);
});

it.each<[JsonValue, string | undefined]>([
  ['${NAMESPACE}', '${NAMESPACE}'],
  ['https://$(HOST)/x', '$(HOST)'],
  ['$MONGODB_PORT', '$MONGODB_PORT'],
  ['<your ip>', '<your ip>'],
  ['v{istio_version}', '{istio_version}'],
  ['bookinfo', undefined],
  ['/a/{*}/b', undefined],
  ['a < b', undefined],
  ['https://###DOMAIN###/', '###DOMAIN###'],
  [{ istio_version: null }, '{istio_version}'],
  [{ istio_version: '1' }, undefined],
  [80, undefined],
])('finds the variable of %j: %j', (value, name) => {
  expect(templateVariableIn(value)).toBe(name);
});
