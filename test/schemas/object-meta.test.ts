import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { validateObjectMeta } from '#schemas/object-meta.js';

const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: '1' };

/** Rows by k8s.io/apimachinery pkg/api/validation/objectmeta.go. */
const table: readonly (readonly [string, JsonObject, readonly string[]])[] = [
  ['a name', { name: 'a' }, []],
  ['no name', {}, ['metadata.name']],
  ['a generated name, which may end in "-"', { generateName: 'a-' }, []],
  ['a name in upper case', { name: 'A' }, ['metadata.name']],
  ['a name with dots', { name: 'a.b' }, []],
  ['a namespace with dots', { name: 'a', namespace: 'a.b' }, ['metadata.namespace']],
  ['an empty namespace', { name: 'a', namespace: '' }, []],
  ['a label with a prefix', { name: 'a', labels: { 'app.kubernetes.io/name': 'A_b.c' } }, []],
  ['a label value with a blank', { name: 'a', labels: { app: 'a b' } }, ['metadata.labels.app']],
  ['a label value of 64 characters', { name: 'a', labels: { app: 'a'.repeat(64) } }, ['metadata.labels.app']],
  ['a label key with two slashes', { name: 'a', labels: { 'a/b/c': '' } }, ['metadata.labels.a/b/c']],
  ['an annotation key in upper case', { name: 'a', annotations: { 'A.b/C': 'x' } }, []],
  ['an annotation key that ends in "-"', { name: 'a', annotations: { 'a-': 'x' } }, ['metadata.annotations.a-']],
  ['a label that is a number', { name: 'a', labels: { app: 1 } }, ['metadata.labels.app']],
  ['labels as a list', { name: 'a', labels: ['app'] }, ['metadata.labels']],
  ['a name that is a number', { name: 1 }, ['metadata.name']],
  ['null labels', { name: 'a', labels: null }, []],
  ['an owner', { name: 'a', ownerReferences: [owner] }, []],
  ['an owner without uid', { name: 'a', ownerReferences: [{ ...owner, uid: '' }] }, ['metadata.ownerReferences.0.uid']],
  [
    'two controllers',
    { name: 'a', ownerReferences: [{ ...owner, controller: true }, { ...owner, controller: true }] },
    ['metadata.ownerReferences'],
  ],
  ['a finalizer', { name: 'a', finalizers: ['example.com/a'] }, []],
  ['a finalizer with a blank', { name: 'a', finalizers: ['a b'] }, ['metadata.finalizers.0']],
  ['a time that is none', { name: 'a', creationTimestamp: 'yesterday' }, ['metadata.creationTimestamp']],
  ['a negative generation', { name: 'a', generation: -1 }, ['metadata.generation']],
];

describe('validateObjectMeta', () => {
  it.each(table)('%s', (_, metadata, paths) => {
    const { errors } = validateObjectMeta(metadata, true);
    expect(errors.map(({ path }) => path.join('.'))).toEqual(paths);
  });

  it('clears the namespace of cluster-scoped kinds', () => {
    expect(validateObjectMeta({ name: 'a', namespace: 'A.B' }, false).errors).toEqual([]);
  });

  it('limits annotations to 256 KiB together', () => {
    const annotations = { a: 'x'.repeat(200 * 1024), b: 'x'.repeat(60 * 1024) };
    expect(validateObjectMeta({ name: 'a', annotations }, true).errors).toHaveLength(1);
  });

  it('finds unknown fields inside owners', () => {
    const { unknown } = validateObjectMeta({ name: 'a', ownerReferences: [{ ...owner, uuid: '1' }] }, true);
    expect(unknown.map(({ path }) => path)).toEqual([['metadata', 'ownerReferences', 0, 'uuid']]);
  });
});
