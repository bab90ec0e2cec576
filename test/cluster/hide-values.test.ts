import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideValues } from '#cluster/hide-values.js';

const hidden = new Set(['annotations', 'data', 'managedFields', 'stringData']);

async function passed(text: string, size: number): Promise<string> {
  const bytes = Buffer.from(text, 'utf8');
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  const parts: Buffer[] = [];
  for await (const part of Readable.from(chunks).pipe(hideValues())) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** What is to be left of a value: the same with null in the hidden places. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hidden.has(key) ? null : without(inner)]),
  );
}

describe('values that a Secret may hold', () => {
  const key = fc.oneof(fc.constantFrom(...hidden, 'items', 'type', 'dat', 'data2'), fc.string());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 1.5e300, -0.25),
      fc.string({ unit: 'binary' }),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }));

  it('are left out of any JSON, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 2),
        async (value, size, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(JSON.parse(await passed(text, size))).toEqual(without(JSON.parse(text)));
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([
    ['a name in another spelling', '{"d\\u0061ta": {"a": "s3cret"}, "b": 1}', { data: null, b: 1 }],
    ['brackets in a text', '{"data": "s3cret}]\\"},", "b": 1}', { data: null, b: 1 }],
    ['a list of texts', '{"data": ["s3cret", {"data": "s3cret"}], "b": 1}', { data: null, b: 1 }],
    ['a text that only looks like a name', '["data", "x"]', ['data', 'x']],
    ['nothing at all', '{"data": null}', { data: null }],
  ])('are left out with %s', async (_name, text, left) => {
    for (const size of [1, 3, 1000]) expect(JSON.parse(await passed(text, size))).toEqual(left);
  });

  it('are left out of what breaks off', async () => {
    expect(await passed('{"items": [{"data": {"a": "s3cret', 5)).toBe('{"items": [{"data":null');
  });
});
