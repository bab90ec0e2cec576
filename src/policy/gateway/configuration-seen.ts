import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { revisionVisibility } from '#policy/revision-visibility.js';
import { perMesh } from './per-mesh.js';

const group = 'networking.istio.io';

/** True when some object of Istio's networking API is meant for one revision only. */
const hasRevisions = perMesh((mesh: Mesh): boolean =>
  mesh.resources.some(
    (resource) =>
      resource.group === group &&
      stringAt(resource.object, 'metadata', 'labels', 'istio.io/rev') !== undefined,
  ),
);

const views = new WeakMap<Mesh, Map<string, Mesh>>();

function filtered(mesh: Mesh, reads: (resource: Resource) => boolean): Mesh {
  const visible = (list: readonly Resource[], of: string): readonly Resource[] =>
    of === group ? list.filter(reads) : list;
  return {
    ...mesh,
    ofKind: (of, kind) => visible(mesh.ofKind(of, kind), of),
    inNamespace: (of, kind, namespace) => visible(mesh.inNamespace(of, kind, namespace), of),
    find: (of, kind, namespace, name) => {
      const found = mesh.find(of, kind, namespace, name);
      return found === undefined || of !== group || reads(found) ? found : undefined;
    },
  };
}

/**
 * The mesh without the objects of Istio's networking API that a proxy's control plane does not read because their label
 * `istio.io/rev` names another revision. Objects of the Gateway API are read by all (pilot/pkg/config/kube/gateway).
 */
export function configurationSeenBy(mesh: Mesh, enrolment: Decision<Enrolment>): Mesh {
  if (!hasRevisions(mesh)) return mesh;
  const revision = enrolment.known ? (enrolment.value.revision ?? '') : '';
  const kept = getOrMake(views, mesh, () => new Map<string, Mesh>());
  return getOrMake(kept, revision, () =>
    filtered(mesh, (resource) => revisionVisibility(mesh, resource, enrolment) !== 'hidden'),
  );
}
