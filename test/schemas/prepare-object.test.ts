import { describe, expect, it } from 'vitest';
import { prepare } from '#schemas/prepare-object.js';
import type { StructuralSchema } from '#schemas/structural.js';

const schema: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        mode: { type: 'string', default: 'STRICT' },
        list: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      },
    },
  },
};

const objectWith = (spec: object) => ({ apiVersion: 'a/v1', kind: 'K', metadata: { name: 'x' }, ...spec });

describe('an object as the API server hands it on', () => {
  it('is the same object where nothing is filled in or dropped', () => {
    const object = objectWith({ spec: { mode: 'OFF', list: [{ name: 'a' }, {}] } });
    expect(prepare(object, schema).object).toBe(object);
  });

  it('is a copy where something is, and the original stays as it was', () => {
    const object = objectWith({ spec: { list: [{ name: 'a', extra: [1] }, { name: null }] }, status: {} });
    const before = structuredClone(object);
    expect(prepare(object, schema)).toEqual({
      object: objectWith({ spec: { list: [{ name: 'a' }, {}], mode: 'STRICT' } }),
      unknown: [
        { path: ['spec', 'list', 0, 'extra'], known: ['name'] },
        { path: ['status'], known: ['spec'] },
      ],
    });
    expect(object).toEqual(before);
  });
});
