import { describe, expect, it } from 'vitest';
import { loadDocuments } from '#documents/load.js';
import type { JsonObject } from '#documents/json.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { Scope } from '#mesh/mesh.js';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system', uid: '1' } };
const snapshot = (spec: JsonObject): JsonObject => ({
  apiVersion: 'meshaudit.io/v1alpha1',
  kind: 'Snapshot',
  metadata: { name: 'cluster' },
  spec,
});

async function build(objects: readonly JsonObject[], scope: Scope | 'auto' = 'auto') {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const sources = [{ path: 'cluster.json', text }];
  const { resources } = await loadDocuments({ paths: [], sources, cwd: '/', read: () => true });
  const { meshes, problems } = buildMeshes(resources, { scope });
  const [mesh] = meshes;
  if (mesh === undefined) throw new Error('no mesh');
  return { mesh, problems };
}

const forbidden = {
  group: 'security.istio.io',
  kind: 'AuthorizationPolicy',
  resource: 'authorizationpolicies.security.istio.io',
  reason: 'forbidden',
  message: 'not for you',
};

describe('the snapshot of a cluster', () => {
  it('is complete when every kind was listed, and takes no part in the mesh', async () => {
    const { mesh, problems } = await build([snapshot({ unlisted: [] }), namespace]);
    expect(mesh.scope).toBe('complete');
    expect(mesh.unlisted).toEqual([]);
    expect(mesh.assumptions.filter(({ key }) => key === 'unlisted')).toEqual([]);
    expect(mesh.resources.map(({ kind }) => kind)).toEqual(['Namespace']);
    expect(problems).toEqual([]);
  });

  it('is partial where a kind was not listed, which is a problem with a name', async () => {
    const { mesh, problems } = await build([snapshot({ unlisted: [forbidden] }), namespace]);
    expect(mesh.scope).toBe('partial');
    expect(mesh.unlisted).toEqual([{ group: 'security.istio.io', kind: 'AuthorizationPolicy' }]);
    expect(mesh.assumptions[0]?.text).toContain('not listed: authorizationpolicies.security.istio.io;');
    expect(problems).toMatchObject([
      {
        code: 'not-listed',
        file: 'cluster.json',
        message: 'authorizationpolicies.security.istio.io may not be listed: not for you',
        fatal: false,
      },
    ]);
  });

  it('cannot be trusted where listing failed', async () => {
    const failed = { ...forbidden, reason: 'failed', namespace: 'shop' };
    const { problems } = await build([snapshot({ unlisted: [failed] }), namespace]);
    expect(problems).toMatchObject([
      { message: expect.stringContaining('can not be listed in namespace shop') as string, fatal: true },
    ]);
  });

  it('is partial where it was limited to namespaces', async () => {
    const { mesh } = await build([snapshot({ namespaces: ['shop'], unlisted: [] }), namespace]);
    expect(mesh.scope).toBe('partial');
    expect(mesh.assumptions[0]?.text).toBe('only read: namespaces shop');
  });

  it('gives way to a scope that somebody states', async () => {
    const { mesh } = await build([snapshot({ unlisted: [forbidden] }), namespace], 'complete');
    expect(mesh.scope).toBe('complete');
  });
});
