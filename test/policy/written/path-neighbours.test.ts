import { describe, expect, it } from 'vitest';
import { leftOutPaths, rulesOf } from '#check';
import { sampleResource } from '../../check/sample.js';

function leftOut(...paths: readonly string[]): readonly string[] {
  const policy = sampleResource('AuthorizationPolicy', 'p', {
    spec: { rules: [{ to: [{ operation: { paths } }] }] },
  });
  return rulesOf(policy)
    .flatMap(({ operations }) => operations.flatMap(leftOutPaths))
    .map(({ neighbour }) => neighbour);
}

// Paths are compared whole, with a star at one end (stringMatcher in pilot/pkg/security/authz/matcher).
describe('leftOutPaths', () => {
  it.each([
    [['/admin'], ['/admin/']],
    [['/admin/'], ['/admin']],
    [['/admin/*'], ['/admin']],
    [['/admin*'], []],
    [['/admin', '/admin/*'], []],
    [['/admin', '/admin/'], []],
    [['*/admin', '/x/admin/'], []],
    [['/*'], []],
    [['/'], []],
    [['/index.html'], []],
    [['/a/{*}', '/a/b'], []],
  ])('%j leaves out %j', (paths, expected) => {
    expect(leftOut(...paths)).toEqual(expected);
  });
});
