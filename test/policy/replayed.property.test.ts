import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayed } from '#policy/replayed.js';

interface Item {
  readonly at: number;
}

function take(items: Iterable<Item>, most: number): readonly number[] {
  const found: number[] = [];
  if (most === 0) return found;
  for (const { at } of items) {
    found.push(at);
    if (found.length === most) break;
  }
  return found;
}

function next(reader: Iterator<Item>): number | undefined {
  const step = reader.next();
  return step.done === true ? undefined : step.value.at;
}

describe('an iteration that many begin', () => {
  it('gives the same values as one made afresh, however far others have gone', () => {
    const readers = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 25 }), readers, (length, wanted) => {
        const values = Array.from({ length }, (_, at): Item => ({ at }));
        const start = replayed(() => values[Symbol.iterator]());
        for (const most of wanted)
          expect(take(start(), most)).toEqual(values.slice(0, most).map(({ at }) => at));
      }),
    );
  });

  it('gives the same values to two that take turns', () => {
    const start = replayed(() => [1, 2, 3].map((at): Item => ({ at })).values());
    const [one, other] = [start()[Symbol.iterator](), start()[Symbol.iterator]()];
    const turns = [one, other, other, one, one, other].map(next);
    expect(turns).toEqual([1, 1, 2, 2, 3, 3]);
    expect(next(one)).toBeUndefined();
  });

  it('makes the first values once', () => {
    let made = 0;
    function* values(): Generator<Item> {
      for (;;) yield { at: made++ };
    }
    const start = replayed(values);
    expect(take(start(), 3)).toEqual([0, 1, 2]);
    expect(take(start(), 3)).toEqual([0, 1, 2]);
    expect(made).toBe(3);
  });
});
