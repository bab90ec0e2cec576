import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '#documents/document.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { Mesh } from '#mesh/mesh.js';

const namespaces = ['a', 'b', 'default'];
const labelMap = fc.dictionary(fc.constantFrom('app', 'v'), fc.constantFrom('x', 'y'));
const kind = fc.constantFrom(
  ['apps', 'Deployment'] as const,
  ['', 'Pod'] as const,
  ['', 'Service'] as const,
  ['security.istio.io', 'AuthorizationPolicy'] as const,
);
const shape = fc.record({ kind, namespace: fc.constantFrom(...namespaces), labels: labelMap });

interface Shape {
  readonly kind: readonly [group: string, kind: string];
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A resource of its own name and second of creation; the same file for all, so that nothing is an alternative. */
function resource({ kind: [group, name], namespace, labels }: Shape, index: number): Resource {
  const time = new Date(Date.UTC(2024, 0, 1, 0, 0, (index * 7919) % 997)).toISOString();
  const spec =
    name === 'Deployment' ? { template: { metadata: { labels }, spec: {} } } : { selector: labels };
  const metadata = { name: `r${String(index)}`, namespace, labels, creationTimestamp: time };
  return {
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    group,
    version: 'v1',
    kind: name,
    name: metadata.name,
    namespace,
    object: { metadata, spec },
    origin: { file: 'mesh.yaml', document: index, path: [], line: index + 1 },
    stored: false,
    reported: true,
  };
}

function meshOfResources(resources: readonly Resource[]): Mesh {
  const [mesh] = buildMeshes(resources, { scope: 'complete' }).meshes;
  if (mesh === undefined) throw new Error('no mesh');
  return mesh;
}

/** Everything that look-ups answer about one namespace. */
function answers(mesh: Mesh, namespace: string): unknown {
  const services = mesh.services.filter((service) => service.namespace === namespace);
  const workloads = mesh.workloadsIn(namespace);
  return {
    namespace: mesh.namespaces.get(namespace)?.name,
    workloads: workloads.map((workload) => [workload.id, mesh.servicesOf(workload).map(({ host }) => host)]),
    services: services.map((service) => [service.host, mesh.workloadsOf(service).map(({ id }) => id)]),
    matching: mesh.workloadsMatching(namespace, { app: 'x' }).map(({ id }) => id),
    policies: mesh.inNamespace('security.istio.io', 'AuthorizationPolicy', namespace).map(({ name }) => name),
  };
}

describe('a mesh of any resources', () => {
  it('does not depend on their order', () => {
    const input = fc.array(shape, { maxLength: 30 }).chain((shapes) => {
      const resources = shapes.map(resource);
      const shuffled = fc.shuffledSubarray(resources, { minLength: resources.length });
      return fc.tuple(fc.constant(resources), shuffled);
    });
    fc.assert(
      fc.property(input, ([resources, shuffled]) => {
        const [first, second] = [meshOfResources(resources), meshOfResources(shuffled)];
        for (const namespace of namespaces)
          expect(answers(second, namespace)).toEqual(answers(first, namespace));
        expect([...second.namespaces.keys()]).toEqual([...first.namespaces.keys()]);
      }),
    );
  });

  it('answers for a namespace as if there were no other', () => {
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 30 }), (shapes) => {
        const resources = shapes.map(resource);
        const whole = meshOfResources(resources);
        for (const namespace of namespaces) {
          const alone = resources.filter((each) => each.namespace === namespace);
          if (alone.length > 0)
            expect(answers(whole, namespace)).toEqual(answers(meshOfResources(alone), namespace));
        }
      }),
    );
  });

  it('selects the workloads that a scan of all labels would select', () => {
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 30 }), labelMap, (shapes, labels) => {
        const mesh = meshOfResources(shapes.map(resource));
        for (const namespace of namespaces) {
          const scanned = mesh.workloads.filter(
            (workload) =>
              workload.namespace === namespace &&
              Object.entries(labels).every(([key, value]) => workload.labels[key] === value),
          );
          expect(mesh.workloadsMatching(namespace, labels)).toEqual(scanned);
        }
      }),
    );
  });
});
