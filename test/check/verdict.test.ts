import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '#check';
import { allJudged, allOf, fail, notApplicable, pass, unknown } from '#check';
import { resourcesOf } from '../mesh/mesh-of.js';

const [resource] = resourcesOf('{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }');
if (resource === undefined) throw new Error('no resource');
const at = { resource, path: [] };

const failing = (...data: readonly string[]): Verdict<'bad'> =>
  fail(...data.map((one) => ({ message: 'bad' as const, at, data: { one } })));
const missing = (key: string): Verdict<'bad'> => unknown([{ key, text: key }]);

describe('allOf', () => {
  it.each<readonly [string, readonly Verdict<'bad'>[], Verdict<'bad'>]>([
    ['nothing passes', [], pass],
    ['a pass among what does not apply', [notApplicable('a'), pass], pass],
    ['the first reason', [notApplicable('a'), notApplicable('b')], notApplicable('a')],
    [
      'unknown before pass',
      [pass, missing('a'), missing('b')],
      unknown([
        { key: 'a', text: 'a' },
        { key: 'b', text: 'b' },
      ]),
    ],
    ['failures before all', [missing('a'), failing('x'), pass, failing('y', 'z')], failing('x', 'y', 'z')],
  ])('%s', (_, parts, expected) => {
    expect(allOf(parts)).toEqual(expected);
  });

  it('says the same of parts that are judged on the way', () => {
    const part = fc.oneof(
      fc.constant<Verdict<'bad'>>(pass),
      fc.constantFrom('a', 'b').map((reason): Verdict<'bad'> => notApplicable(reason)),
      fc.constantFrom('k', 'l').map(missing),
      fc.constantFrom('x', 'y').map((one) => failing(one)),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(allJudged(parts, (one) => one)).toEqual(allOf(parts));
      }),
    );
  });
});
