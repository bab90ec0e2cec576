import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#documents/json.js';
import { stringAt, valueAt } from '#documents/json.js';

const value = JSON.parse('{"a":{"b":[{"c":"d"}],"none":null,"__proto__":{"own":1}}}') as JsonValue;

describe('values at a path', () => {
  it.each<[readonly (string | number)[], JsonValue | undefined]>([
    [[], value],
    [['a', 'b', 0, 'c'], 'd'],
    [['a', 'none'], null],
    [['a', 'none', 'deeper'], undefined],
    [['a', 'b', 'c'], undefined],
    [['a', 'b', 1, 'c'], undefined],
    [['a', 'b', 'length'], undefined],
    [['a', '__proto__', 'own'], 1],
  ])('%j', (path, wanted) => {
    expect(valueAt(value, path)).toEqual(wanted);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('inherits no %s', (name) => {
    expect(valueAt({ own: 'x' }, [name])).toBeUndefined();
    expect(valueAt({ own: 'x' }, [name, 'name'])).toBeUndefined();
    expect(stringAt('text', name)).toBeUndefined();
  });
});
