import { describe, expect, it } from 'vitest';
import type { Resource } from '#documents/document.js';
import type { Validation } from '#schemas/validation.js';
import { meshOf } from './mesh-of.js';

function policy(name: string, more = ''): string {
  return `
apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop${more} }
---`;
}

const names = (resources: readonly Resource[]): readonly string[] => resources.map(({ name }) => name);

describe('refused objects', () => {
  const bad = { code: 'type', path: ['spec'], message: 'bad' } as const;
  const answers: Readonly<Record<string, Validation>> = {
    schema: { schema: [bad], unknownFields: [], webhook: undefined, servedKind: true },
    webhook: { schema: [], unknownFields: [], webhook: { errors: [bad], warnings: [] }, servedKind: true },
    unknown: { schema: [], unknownFields: [bad], webhook: { errors: [], warnings: [bad] }, servedKind: true },
  };
  const validate = ({ name }: Resource): Validation | undefined => answers[name.replace(/-stored$/, '')];
  const text =
    ['schema', 'webhook', 'unknown', 'fine'].map((name) => policy(name)).join('') +
    policy('schema-stored', ', uid: u');

  it('take no part in decisions, unless they are known to be stored', () => {
    const mesh = meshOf(text, { validate });
    expect(names(mesh.refused)).toEqual(['schema', 'webhook']);
    expect(names(mesh.ofKind('security.istio.io', 'AuthorizationPolicy'))).toEqual([
      'fine',
      'schema-stored',
      'unknown',
    ]);
    expect(mesh.find('security.istio.io', 'AuthorizationPolicy', 'shop', 'schema')).toBeUndefined();
    expect(mesh.refused.map((each) => mesh.validationOf(each))).toEqual([
      answers['schema'],
      answers['webhook'],
    ]);
  });

  it('all count where the input is said to be stored', () => {
    expect(meshOf(text, { validate, stored: true }).refused).toEqual([]);
  });
});

describe('look-ups', () => {
  it('take all versions of a kind for one, in creation order: age, name, namespace', () => {
    const at = (kind: string, name: string, namespace: string, time?: string): string => `
apiVersion: networking.istio.io/${kind}
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace}${time === undefined ? '' : `, creationTimestamp: "${time}"`} }
---`;
    const mesh = meshOf(
      at('v1', 'b', 'x', '2024-01-01T00:00:01Z') +
        at('v1beta1', 'z', 'x', '2024-01-01T00:00:00Z') +
        at('v1alpha3', 'b', 'a', '2024-01-01T00:00:01Z') +
        at('v1', 'B', 'x', '2024-01-01T00:00:01Z') +
        at('v1', 'q', 'x'),
    );
    const told = mesh
      .ofKind('networking.istio.io', 'Sidecar')
      .map(({ namespace, name }) => `${namespace ?? ''}/${name}`);
    expect(told).toEqual(['x/q', 'x/z', 'x/B', 'a/b', 'x/b']);
    expect(names(mesh.inNamespace('networking.istio.io', 'Sidecar', 'x'))).toEqual(['q', 'z', 'B', 'b']);
    expect(mesh.find('networking.istio.io', 'Sidecar', 'a', 'b')?.version).toBe('v1alpha3');
  });

  it('find namespaces in objects and in their use, but none for cluster-wide kinds', () => {
    const mesh = meshOf(`
apiVersion: v1
kind: Namespace
metadata: { name: labelled, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: s }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: r }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec: { group: example.com, scope: Cluster, names: { kind: Thing } }
---
apiVersion: example.com/v1
kind: Thing
metadata: { name: t }
`);
    expect([...mesh.namespaces.keys()]).toEqual(['default', 'istio-system', 'labelled']);
    expect({ ...mesh.namespaces.get('labelled')?.labels }).toEqual({
      'istio-injection': 'enabled',
      'kubernetes.io/metadata.name': 'labelled',
    });
    expect(mesh.namespaces.get('default')?.resource).toBeUndefined();
    expect(mesh.ofKind('example.com', 'Thing').map(mesh.namespaceOf)).toEqual(['']);
  });
});

describe('scope', () => {
  const namespace = (name: string, uid: string): string => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}${uid} }
---`;
  it.each([
    [
      'a dump with the namespaces every cluster has',
      namespace('kube-system', ', uid: u') + policy('p', ', uid: u'),
      'complete',
    ],
    ['a dump of one namespace', namespace('shop', ', uid: u') + policy('p', ', uid: u'), 'partial'],
    ['a repository', namespace('istio-system', '') + policy('p'), 'partial'],
    ['nothing', '', 'partial'],
  ])('of %s is %s', (_, text, scope) => {
    expect(meshOf(text, { scope: 'auto' }).scope).toBe(scope);
  });
});
