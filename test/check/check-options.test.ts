import { describe, expect, it } from 'vitest';
import { optionValues } from '#check/check-options.js';
import { catalogue } from '#checks';

const options = {
  least: { type: 'integer', minimum: 1, maximum: 9, default: 3, description: 'A number.' },
  word: { enum: ['a', 'b'], default: 'a', description: 'A word.' },
  names: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], description: 'Names.' },
  ports: {
    type: 'array',
    items: { type: 'integer', minimum: 1, maximum: 65535 },
    default: [],
    description: 'Ports.',
  },
} as const;

describe('optionValues', () => {
  it('fills what is not given', () => {
    expect(optionValues(options)).toEqual({ least: 3, word: 'a', names: [], ports: [] });
    expect(optionValues(options, { least: 9, names: ['x'] })).toEqual({
      least: 9,
      word: 'a',
      names: ['x'],
      ports: [],
    });
    expect(optionValues(undefined)).toEqual({});
  });

  it.each([
    { least: 0 },
    { least: 10 },
    { least: 1.5 },
    { least: '3' },
    { word: 'c' },
    { names: 'x' },
    { names: [''] },
    { ports: [0] },
    { ports: ['80'] },
    { lest: 3 },
    JSON.parse('{"__proto__": 1}') as Readonly<Record<string, unknown>>,
  ])('refuses %j', (given) => {
    expect(() => optionValues(options, given)).toThrow(RangeError);
  });

  it.each(catalogue.filter(({ meta }) => meta.options).map(({ meta }) => [meta.id, meta] as const))(
    'takes the defaults of %s',
    (_, meta) => {
      const values = optionValues(meta.options);
      expect(Object.keys(values)).toEqual(Object.keys(meta.options ?? {}));
      for (const { description } of Object.values(meta.options ?? {}))
        expect(description).toMatch(/^[A-Z].*\.$/);
    },
  );
});
