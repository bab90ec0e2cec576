import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import { configurationDiscovery } from '#policy/discovery.js';
import type { Enrolment } from '#policy/policies.js';
import { revisionVisibility } from '#policy/revision-visibility.js';
import { perMesh } from './per-mesh.js';

const group = 'networking.istio.io';
const kubernetes = 'gateway.networking.k8s.io';

/** True when some object of Istio's networking API is meant for one revision only. */
const hasRevisions = perMesh((mesh: Mesh): boolean =>
  mesh.resources.some(
    (resource) =>
      resource.group === group &&
      stringAt(resource.object, 'metadata', 'labels', 'istio.io/rev') !== undefined,
  ),
);

/** True when the control plane does not look into every namespace. */
const hasSelectors = ({ settings }: Mesh): boolean =>
  listAt(settings.config, 'discoverySelectors').length > 0;

const views = new WeakMap<Mesh, Map<string, Mesh>>();

function filtered(mesh: Mesh, reads: (resource: Resource) => boolean): Mesh {
  const isFiltered = (of: string): boolean => of === group || of === kubernetes;
  const visible = (list: readonly Resource[], of: string): readonly Resource[] =>
    isFiltered(of) ? list.filter(reads) : list;
  return {
    ...mesh,
    ofKind: (of, kind) => visible(mesh.ofKind(of, kind), of),
    inNamespace: (of, kind, namespace) => visible(mesh.inNamespace(of, kind, namespace), of),
    find: (of, kind, namespace, name) => {
      const found = mesh.find(of, kind, namespace, name);
      return found === undefined || !isFiltered(of) || reads(found) ? found : undefined;
    },
  };
}

/** Objects of the Gateway API are read by every revision, within the namespaces that its control plane looks into. */
function readsOf(mesh: Mesh, enrolment: Decision<Enrolment>): (resource: Resource) => boolean {
  return (resource) =>
    resource.group === group
      ? revisionVisibility(mesh, resource, enrolment) !== 'hidden'
      : configurationDiscovery(mesh, mesh.namespaceOf(resource)) !== 'hidden';
}

/**
 * The mesh without the objects of Istio's networking API and of the Gateway API that a proxy's control plane does not
 * read: their label `istio.io/rev` names another revision, or discoverySelectors leave their namespace out
 * (pilot/pkg/config/kube/crdclient/client.go, pilot/pkg/config/kube/gateway/controller.go).
 */
export function configurationSeenBy(mesh: Mesh, enrolment: Decision<Enrolment>): Mesh {
  if (!hasRevisions(mesh) && !hasSelectors(mesh)) return mesh;
  const revision = enrolment.known ? (enrolment.value.revision ?? '') : '';
  const kept = getOrMake(views, mesh, () => new Map<string, Mesh>());
  return getOrMake(kept, revision, () => filtered(mesh, readsOf(mesh, enrolment)));
}
