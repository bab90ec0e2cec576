import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { isEmptySelector, matchesLabelSelector } from '#policy/label-selector.js';

const labels = { app: 'web', tier: 'front' };
const expression = (key: string, operator: string, values?: readonly string[]): JsonObject => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

describe('LabelSelectorAsSelector (k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go)', () => {
  const table: readonly [string, JsonObject, boolean | undefined][] = [
    ['empty', {}, true],
    ['matchLabels', { matchLabels: { app: 'web' } }, true],
    ['matchLabels of another value', { matchLabels: { app: 'api' } }, false],
    ['both are needed', { matchLabels: { app: 'web' }, ...expression('tier', 'In', ['back']) }, false],
    ['In', expression('app', 'In', ['api', 'web']), true],
    ['In, absent key', expression('zone', 'In', ['a']), false],
    ['NotIn', expression('app', 'NotIn', ['web']), false],
    ['NotIn, absent key', expression('zone', 'NotIn', ['a']), true],
    ['Exists', expression('app', 'Exists'), true],
    ['DoesNotExist', expression('app', 'DoesNotExist'), false],
    ['inherited names are no labels', expression('constructor', 'Exists'), false],
    ['In without values is refused', expression('app', 'In', []), undefined],
    ['Exists with values is refused', expression('app', 'Exists', ['web']), undefined],
    ['unknown operator', expression('app', 'Like', ['web']), undefined],
    ['no key', { matchExpressions: [{ operator: 'Exists' }] }, undefined],
  ];
  it.each(table)('%s', (_title, selector, expected) => {
    expect(matchesLabelSelector(selector, labels)).toBe(expected);
  });
  it('knows an empty one', () => {
    expect([{}, { matchLabels: {} }, { matchExpressions: [] }].every(isEmptySelector)).toBe(true);
    expect(isEmptySelector({ matchLabels: { a: 'b' } })).toBe(false);
  });
});
