import { describe, expect, it } from 'vitest';
import { buildMeshes } from '#mesh/build-meshes.js';
import { resourcesOf } from './mesh-of.js';

const role = (verb: string): string => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [''], resources: [pods], verbs: [${verb}] }]
---`;

const policy = (mode: string): string => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
---`;

function build(files: Readonly<Record<string, string>>) {
  const resources = Object.entries(files).flatMap(([file, text]) => resourcesOf(text, { file }));
  const { meshes, problems } = buildMeshes(resources, { scope: 'partial' });
  return { environments: meshes.map(({ environment }) => environment), problems: problems.length };
}

describe('objects that stand beside what is deployed', () => {
  it('make no environments where they differ, unlike policies', () => {
    expect(build({ 'a/x.yaml': role('get'), 'b/x.yaml': role('list') })).toEqual({
      environments: [''],
      problems: 0,
    });
    expect(build({ 'a/x.yaml': policy('STRICT'), 'b/x.yaml': policy('DISABLE') }).environments).toEqual([
      'a',
      'b',
    ]);
  });

  it('are no problem where they differ within one file, unlike policies', () => {
    expect(build({ 'a/x.yaml': role('get') + role('list') }).problems).toBe(0);
    expect(build({ 'a/x.yaml': policy('STRICT') + policy('DISABLE') }).problems).toBe(1);
  });
});
