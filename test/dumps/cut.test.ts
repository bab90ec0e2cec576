import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
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
        expect(objectAt(object, 'spec')?.['volumes']).toBeUndefined();
        expect(JSON.stringify(object)).not.toMatch(/volumeMounts|livenessProbe|managedFields|fieldRef/);
      }
      expect(judge(resources)).toEqual(judge(whole));
    },
  );
});
