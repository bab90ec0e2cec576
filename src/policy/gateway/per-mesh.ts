import type { Mesh } from '#mesh/mesh.js';
import { getOrMake } from '#mesh/lazy.js';

/** Computes something about a mesh once and keeps it as long as the mesh. */
export function perMesh<T>(compute: (mesh: Mesh) => T): (mesh: Mesh) => T {
  const kept = new WeakMap<Mesh, { readonly value: T }>();
  return (mesh) => getOrMake(kept, mesh, () => ({ value: compute(mesh) })).value;
}
