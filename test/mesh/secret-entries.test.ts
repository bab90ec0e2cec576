import { describe, expect, it } from 'vitest';
import type { Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { holdsEntries, lacksEntries } from '#mesh/secret-entries.js';

function secret(object: JsonObject, entries?: string): Resource {
  const annotations = entries === undefined ? {} : { 'meshaudit.io/secret-entries': entries };
  return {
    ...{ apiVersion: 'v1', group: '', version: 'v1', kind: 'Secret', name: 's', namespace: 'n' },
    object: { ...object, metadata: { name: 's', annotations } },
    origin: { file: 'f', document: 0, path: [], line: 1 },
    ...{ stored: true, reported: true },
  };
}

const pair = ['tls.crt', 'tls.key'];
const tls = { type: 'kubernetes.io/tls' };

/** Kubernetes: pkg/apis/core/validation/validation.go, ValidateSecret. */
describe('entries of a Secret that was read without them', () => {
  it.each<readonly [string, JsonObject, string, readonly string[], boolean | undefined]>([
    ['of type tls holds the pair', tls, '2', pair, true],
    ['of type tls holds the pair, however many there are', tls, 'unknown', pair, true],
    ['of type tls with two holds nothing else', tls, '2', ['ca.crt'], false],
    ['of type tls with three may hold a CA', tls, '3', ['ca.crt'], undefined],
    ['of type tls may hold a CA where nobody counted', tls, 'unknown', ['ca.crt'], undefined],
    ['of another type with two may hold the pair', { type: 'Opaque' }, '2', pair, undefined],
    ['of another type with one holds no pair', { type: 'Opaque' }, '1', pair, false],
    ['that is empty holds nothing', { type: 'Opaque' }, '0', ['ca.crt'], false],
    ['without type may hold anything', {}, 'unknown', pair, undefined],
    ['with a type of Object holds nothing for sure', { type: 'constructor' }, '5', pair, undefined],
  ])('%s', (_name, object, entries, keys, held) => {
    const resource = secret(object, entries);
    expect([lacksEntries(resource), holdsEntries(resource, keys)]).toEqual([true, held]);
  });

  it('are known where the object has them, whatever an annotation says', () => {
    const whole = secret({ ...tls, data: { 'tls.crt': null } }, '2');
    expect([lacksEntries(whole), holdsEntries(whole, pair), holdsEntries(whole, ['tls.crt'])]).toEqual([
      false,
      false,
      true,
    ]);
    expect(holdsEntries(secret(tls), pair)).toBe(false);
  });
});
