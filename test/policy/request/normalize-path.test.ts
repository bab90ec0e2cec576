import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizePath, splitTarget } from '#policy/request/normalize-path.js';
import type { PathSettings } from '#policy/request/normalize-path.js';

const base: PathSettings = { canonicalize: true, mergeSlashes: false, escapedSlashes: 'KEEP_UNCHANGED' };
const none: PathSettings = { ...base, canonicalize: false };
const merge: PathSettings = { ...base, mergeSlashes: true };
const decode: PathSettings = { ...merge, escapedSlashes: 'UNESCAPE_AND_FORWARD' };

// Envoy's source/common/http/path_utility.cc and the URL library that it calls; measured with Envoy.
describe('normalized paths', () => {
  it.each([
    ['/admin', '/admin', '/admin', '/admin', '/admin'],
    ['/x/../admin', '/x/../admin', '/admin', '/admin', '/admin'],
    ['/x/%2e%2E/admin', '/x/%2e%2E/admin', '/admin', '/admin', '/admin'],
    ['/./a/.', '/./a/.', '/a/', '/a/', '/a/'],
    ['/..', '/..', '/', '/', '/'],
    ['/a/..b', '/a/..b', '/a/..b', '/a/..b', '/a/..b'],
    ['/a../b', '/a../b', '/a../b', '/a../b', '/a../b'],
    ['//admin', '//admin', '//admin', '/admin', '/admin'],
    ['/x//../admin', '/x//../admin', '/x/admin', '/x/admin', '/x/admin'],
    ['/a//', '/a//', '/a//', '/a/', '/a/'],
    ['///', '///', '///', '//', '//'],
    ['/%2f', '/%2f', '/%2f', '/%2f', '//'],
    ['/%2Fadmin', '/%2Fadmin', '/%2Fadmin', '/%2Fadmin', '/admin'],
    ['/a%5cb', '/a%5cb', '/a%5cb', '/a%5cb', '/a/b'],
    ['/x\\..\\admin', '/x\\..\\admin', '/admin', '/admin', '/admin'],
    ['/%61dmin', '/%61dmin', '/admin', '/admin', '/admin'],
    ['/a%7Eb', '/a%7Eb', '/a~b', '/a~b', '/a~b'],
    ['/a%21b', '/a%21b', '/a%21b', '/a%21b', '/a%21b'],
    ['/a%2', '/a%2', '/a%2', '/a%2', '/a%2'],
    [
      '/a"<>^`{|}',
      '/a"<>^`{|}',
      '/a%22%3C%3E%5E%60%7B%7C%7D',
      '/a%22%3C%3E%5E%60%7B%7C%7D',
      '/a%22%3C%3E%5E%60%7B%7C%7D',
    ],
    ["/a!$&'()*+,;:=@[]", "/a!$&'()*+,;:=@[]", "/a!$&'()*+,;:=@[]", "/a!$&'()*+,;:=@[]", "/a!$&'()*+,;:=@[]"],
    ['x', 'x', '/x', '/x', '/x'],
  ])('%s', (path, asNone, asBase, asMerge, asDecode) => {
    const forms = [none, base, merge, decode].map((settings) => normalizePath(path, settings));
    expect(forms).toEqual([asNone, asBase, asMerge, asDecode]);
  });

  it('that hold an encoded NUL are refused', () => {
    expect(normalizePath('/a%00', base)).toBeUndefined();
  });

  // pilot/pkg/networking/core/connection_settings.go
  it.each(['REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT'] as const)(
    'with escaped slashes are answered by %s',
    (escapedSlashes) => {
      expect(normalizePath('/a%2Fb', { ...base, escapedSlashes })).toBeUndefined();
      expect(normalizePath('/a/b', { ...base, escapedSlashes })).toBe('/a/b');
    },
  );

  it('do not change when normalized again', () => {
    const paths = fc
      .array(fc.constantFrom('/', '//', '.', '..', '%2e', '%2f', 'a', '\\', '"', '%41'))
      .map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(paths, fc.constantFrom(base, merge), (path, settings) => {
        const once = normalizePath(path, settings) ?? '';
        expect(normalizePath(once, settings)).toBe(once);
      }),
    );
  });
});

describe('request targets', () => {
  it.each([
    ['/a?b=c', '/a', '?b=c'],
    ['/a#b?c', '/a', ''],
    ['/a?b#c', '/a', '?b'],
    ['/a', '/a', ''],
  ])('%s', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});
