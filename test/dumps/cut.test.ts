import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { runChecks } from '#check';
import { catalogue } from '#checks';
import type { Resource } from '#documents/document.js';
import { isArray, isObject, objectAt, stringAt, type JsonObject, type JsonValue } from '#documents/json.js';
import { loadDocuments } from '#documents/load.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { parseYaml } from '../mesh/mesh-of.js';
import { proxy, shopPods, storedPod } from './pods.js';

const fixtures = fileURLToPath(new URL('../../fixtures/checks', import.meta.url));

/** A workload of a fixture as the pod that it would make, everything else as it is. */
function asPod(object: JsonObject): JsonObject {
  const template = object['kind'] === 'Pod' ? object : objectAt(object, 'spec', 'template');
  const written = objectAt(template, 'spec');
  const containers = written?.['containers'];
  if (!isArray(containers)) return object;
  // Running pods without a proxy are outside the mesh, where little is left to judge.
  const spec = { ...written, containers: [...containers, proxy] };
  const name = stringAt(object, 'metadata', 'name') ?? 'pod';
  const namespace = stringAt(object, 'metadata', 'namespace') ?? 'default';
  return storedPod({ name, namespace, metadata: objectAt(template, 'metadata') ?? {}, spec });
}

function objectsOf(text: string): readonly JsonObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as JsonValue)
    .filter(isObject)
    .map(asPod);
}

/** What the checks say of resources, wherever they come from. */
function judge(resources: readonly Resource[]): unknown {
  const { meshes } = buildMeshes(resources, { scope: 'complete', parseYaml });
  const contexts = meshes.map((mesh) => ({ mesh, policies: effectivePolicies(mesh) }));
  const locate = ({ resource }: { readonly resource: Resource }) => ({
    file: resource.name,
    line: 1,
    column: 1,
  });
  const { checks, findings, undecided, problems } = runChecks(catalogue, contexts, { locate });
  return { findings, undecided, problems, counts: checks.map(({ id, pass, fail }) => [id, pass, fail]) };
}

const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name): [string, readonly JsonObject[]] => [
    name,
    objectsOf(readFileSync(`${fixtures}/${name}`, 'utf8')),
  ]);

describe('what is cut from the Pods of a dump', () => {
  it.each([...files, ['pods with sidecars', shopPods(40)] as const])(
    'is read by no check: %s',
    async (_, objects) => {
      const text = objects.map((object) => JSON.stringify(object)).join('\n');
      const { resources } = await loadDocuments({
        paths: [],
        sources: [{ path: 'dump.json', text }],
        cwd: '/',
        read: () => true,
      });
      const whole = resources.map((resource) => ({
        ...resource,
        object: objects[resource.origin.document] ?? resource.object,
      }));
      const cut = resources.filter(({ object }, index) => object !== whole[index]?.object);
      for (const { kind, object } of cut) {
        if (kind !== 'Pod') continue;
        expect(objectAt(object, 'spec')?.['tolerations']).toBeUndefined();
        expect(JSON.stringify(object)).not.toMatch(
          /affinity|terminationMessagePath|managedFields|lastProbeTime/i,
        );
      }
      expect(judge(resources)).toEqual(judge(whole));
    },
  );
});

describe('what is cut from the workloads of a dump', () => {
  const container = { image: 'app:1', imagePullPolicy: 'Always', name: 'app', resources: {} };
  const podSpec = { containers: [container], serviceAccountName: 'app', tolerations: [{ key: 'gpu' }] };
  const template = { metadata: { labels: { app: 'app' } }, spec: podSpec };
  const cut = { containers: [{ image: 'app:1', name: 'app', resources: {} }], serviceAccountName: 'app' };
  const specs = {
    Deployment: {
      spec: { replicas: 2, template },
      left: { replicas: 2, template: { ...template, spec: cut } },
    },
    Pod: { spec: podSpec, left: cut },
  };

  it.each([
    ['Deployment', 'apps/v1', true],
    ['Deployment', 'apps/v1', false],
    ['Pod', 'v1', true],
    ['Pod', 'v1', false],
  ] as const)('is cut from a %s (%s) if it is stored: %s', async (kind, apiVersion, stored) => {
    const metadata = { name: 'app', ...(stored ? { uid: 'u' } : {}) };
    const object = { apiVersion, kind, metadata, spec: specs[kind].spec };
    const forms = [stringify(object), JSON.stringify(object), JSON.stringify(listOf(object))];
    for (const text of forms) {
      const sources = [{ path: 'dump', text }];
      const { resources } = await loadDocuments({ paths: [], sources, cwd: '/', read: () => true });
      expect(resources[0]?.object['spec']).toEqual(stored ? specs[kind].left : specs[kind].spec);
    }
  });
});

function listOf(object: JsonObject): JsonObject {
  return { apiVersion: 'v1', items: [object], kind: 'List' };
}
