import type { FieldPath, Kustomization, KustomizePatch, Patched, Resource } from '#documents/document.js';
import { podPathOf } from './pod-template.js';
import { workloadKindOf } from './workload-kinds.js';

const startsWith = (path: FieldPath, start: FieldPath): boolean =>
  start.every((step, index) => String(path[index]) === String(step));

/** True when one of two places holds the other. */
const meet = (a: FieldPath, b: FieldPath): boolean => startsWith(a, b) || startsWith(b, a);

/** Labels and annotations by which a mesh is asked for or told something. */
const isMeshKey = (step: string | number | undefined): boolean =>
  step === undefined || /istio|mesh|sidecar|linkerd|consul|kuma/i.test(String(step));

function touchesMetadata(path: FieldPath, metadata: FieldPath): boolean {
  return ['labels', 'annotations'].some((member) => {
    const place = [...metadata, member];
    return meet(path, place) && isMeshKey(path[place.length]);
  });
}

/** True when what a patch writes at a place may change a decision about the mesh. */
function matters(resource: Resource, path: FieldPath): boolean {
  const { group, kind, name } = resource;
  const workload = workloadKindOf(resource);
  if (workload !== undefined) {
    const pod = podPathOf(workload);
    return touchesMetadata(path, [...pod, 'metadata']) || meet(path, [...pod, 'spec', 'hostNetwork']);
  }
  if (group === '' && kind === 'Namespace') return touchesMetadata(path, ['metadata']);
  if (group === '' && kind === 'ConfigMap') return name.startsWith('istio') && path[0] !== 'metadata';
  if (group.endsWith('istio.io') || group === 'sailoperator.io' || group.startsWith('gateway.networking'))
    return path[0] !== 'metadata' || (path[1] ?? 'annotations') === 'annotations';
  return false;
}

function isFor(patch: KustomizePatch, { kind, name, namespace }: Resource): boolean {
  return (
    (patch.kind ?? kind) === kind &&
    (patch.name ?? name) === name &&
    (patch.namespace === undefined || namespace === undefined || patch.namespace === namespace)
  );
}

/** True when a kustomization takes a resource out again. */
export function isDeletedBy(resource: Resource, { patches = [] }: Kustomization): boolean {
  return patches.some((patch) => patch.deletes && isFor(patch, resource));
}

/**
 * The places of a resource that patches write, those of this kustomization included, as far as decisions about the mesh
 * may read them; undefined when there are none.
 */
export function patchedBy(resource: Resource, { file, patches = [] }: Kustomization): Patched | undefined {
  const paths = patches
    .filter((patch) => isFor(patch, resource))
    .flatMap((patch) => patch.paths)
    .filter((path) => matters(resource, path));
  if (paths.length === 0) return resource.patched;
  return { by: file, paths: [...(resource.patched?.paths ?? []), ...paths] };
}

/** Selectors: one label that a patch writes changes all that they select. */
const isSelector = (path: FieldPath): boolean =>
  ['selector', 'workloadSelector', 'matchLabels'].includes(String(path.at(-1)));

/** True when what stands at a place of the resource, or what a selector there selects, is not what is applied. */
export function isPatchedAt({ patched }: Resource, path: FieldPath): boolean {
  return (
    patched?.paths.some(
      (written) => startsWith(path, written) || (isSelector(path) && startsWith(written, path)),
    ) === true
  );
}
