import { describe, expect, it } from 'vitest';
import type { Origin, Resource } from '#documents/document.js';
import { findInBlock } from '#documents/find-in-block.js';
import type { TextPlace } from '#documents/found-object.js';
import { createLocate } from '#documents/locate.js';

const file = (count: number, bytes: number) => {
  const one = (index: number): string => `a: ${'x'.repeat(bytes)}\nb: ${String(index)}\n`;
  const texts = Array.from({ length: count }, (_, index) => one(index));
  const whole = Buffer.from(texts.join(''));
  let [reads, start, line] = [0, 0, 1];
  const reopen = (from: number, end: number): Buffer => {
    reads += 1;
    return whole.subarray(from, end);
  };
  const places = new WeakMap<Origin, TextPlace>();
  const resources = texts.map((text, index): Resource => {
    const origin: Origin = { file: 'f', document: index, line, path: [] };
    const slice = { start, end: start + text.length, line };
    const shape = { format: 'yaml', prefix: [], plain: true, mayPatch: false, cut: false } as const;
    places.set(origin, { reopen, slice, ...shape });
    start += text.length;
    line += 2;
    const names = { apiVersion: 'v1', group: '', version: 'v1', kind: 'K', name: 'n', namespace: undefined };
    return { ...names, object: {}, origin, stored: false, reported: true };
  });
  const locate = createLocate(places, (text) => findInBlock(text));
  const lineOf = (index: number): number | undefined => {
    const resource = resources[index];
    return resource && locate({ resource, path: ['b'] }).line;
  };
  return { lineOf, reads: () => reads };
};

describe('text that is kept for positions', () => {
  it('is read once for all positions in many small documents', () => {
    const { lineOf, reads } = file(500, 10);
    for (const round of [1, 2])
      for (let index = 0; index < 500; index++) expect(lineOf(index), String(round)).toBe(2 + 2 * index);
    expect(reads()).toBe(500);
  });

  it('is let go where it grows large, and read again', () => {
    const { lineOf, reads } = file(6, 700_000);
    for (let index = 0; index < 6; index++) expect(lineOf(index)).toBe(2 + 2 * index);
    const before = reads();
    expect(lineOf(5)).toBe(12);
    expect(reads()).toBe(before);
    expect(lineOf(0)).toBe(2);
    expect(reads()).toBeGreaterThan(before);
  });
});
