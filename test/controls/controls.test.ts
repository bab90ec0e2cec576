import { describe, expect, it } from 'vitest';
import { controlOf, frameworks } from '#controls/controls.js';

describe('controls', () => {
  it('are found by framework and clause', () => {
    expect(controlOf('nist-800-53-r5/SC-8(1)')).toMatchObject({
      clause: 'SC-8(1)',
      framework: { title: 'NIST SP 800-53' },
    });
  });

  it.each(['nist-800-53-r5', 'nist-800-53-r5/', 'nist-800-53-r5/toString', '__proto__/x'])(
    'are not made up: %s',
    (id) => {
      expect(controlOf(id)).toBeUndefined();
    },
  );

  it('have distinct frameworks, each with an address and a label for every clause', () => {
    expect(new Set(frameworks.map(({ id }) => id)).size).toBe(frameworks.length);
    for (const { url, clauses } of frameworks) {
      expect(new URL(url).protocol).toBe('https:');
      expect(Object.values(clauses).every((title) => /^[A-Z].*[^.]$/.test(title))).toBe(true);
    }
  });

  it('say of which clauses no manifest is a proof, and why', () => {
    for (const { clauses, beyondManifests = {}, baselines = {} } of frameworks) {
      const named = [...Object.keys(beyondManifests), ...Object.values(baselines).flat()];
      expect(named.filter((clause) => !Object.hasOwn(clauses, clause))).toEqual([]);
      expect(Object.values(beyondManifests).every((reason) => /^[a-z].*[^.]$/.test(reason))).toBe(true);
    }
  });
});
