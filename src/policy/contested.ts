import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from './decision.js';

type Variants = ReadonlyMap<Resource, readonly Resource[]>;

const variantsOfMesh = new WeakMap<Mesh, Variants>();

/** All resources that share the name of this one and differ from it, itself included; itself alone when uncontested. */
export function variantsOf(mesh: Mesh, resource: Resource): readonly Resource[] {
  const index = getOrMake(
    variantsOfMesh,
    mesh,
    (): Variants =>
      new Map(mesh.contested.flatMap(({ variants }) => variants.map((member) => [member, variants]))),
  );
  return index.get(resource) ?? [resource];
}

function place({ origin }: Resource): string {
  return `${origin.file}:${String(origin.line)}`;
}

/** What is missing when resources of one name differ, or one is patched: which is the applied one. Names the files. */
export function contestedEvidence(mesh: Mesh, resource: Resource): MissingEvidence {
  const variants = variantsOf(mesh, resource);
  const patched = variants.find((variant) => variant.patched !== undefined)?.patched;
  const places = variants.map(place);
  const namespace = mesh.namespaceOf(resource);
  const name = namespace === '' ? resource.name : `${namespace}/${resource.name}`;
  if (patched !== undefined)
    return {
      key: 'kustomize-patch',
      text: `what the patches in ${patched.by} make of ${resource.kind} ${name}`,
    };
  return { key: 'contested', text: `which ${resource.kind} ${name} is applied: ${places.join(' or ')}` };
}
