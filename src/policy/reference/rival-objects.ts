import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { policySelectorOf, selectsAll } from '#policy/policy-selector.js';

const revisionOf = ({ object }: Resource): string =>
  stringAt(object, 'metadata', 'labels', 'istio.io/rev') ?? '';

/** True for the object of a kind that is for a whole namespace; an empty selector of Sidecar and ProxyConfig is a selector. */
function isNamespaceWide(resource: Resource): boolean {
  const selector = policySelectorOf(resource);
  return resource.kind === 'Telemetry' ? selectsAll(selector) : selector.labels === undefined;
}

function sameWorkloads(mesh: Mesh, a: Resource, b: Resource): boolean {
  const labels = { ...policySelectorOf(a).labels, ...policySelectorOf(b).labels };
  return (
    [a, b].every((one) =>
      Object.entries(policySelectorOf(one).labels ?? {}).every(([key, value]) => labels[key] === value),
    ) && mesh.workloadsMatching(mesh.namespaceOf(a), labels).length > 0
  );
}

/**
 * Another object of the kind that claims the same level: for the whole namespace, or for some workload (Sidecar only). Of those the oldest counts, and
 * manifests do not say which that is.
 */
export function rivalObject(mesh: Mesh, resource: Resource): Resource | undefined {
  const all = mesh
    .inNamespace(resource.group, resource.kind, mesh.namespaceOf(resource))
    .filter((one) => revisionOf(one) === revisionOf(resource));
  const earlier = all.slice(0, Math.max(0, all.indexOf(resource)));
  if (isNamespaceWide(resource)) return earlier.find(isNamespaceWide);
  if (resource.kind !== 'Sidecar') return undefined;
  return earlier.find((other) => !isNamespaceWide(other) && sameWorkloads(mesh, other, resource));
}
