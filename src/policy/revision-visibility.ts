import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Decision } from './decision.js';
import { configurationDiscovery } from './discovery.js';
import { injectionWebhooks } from './injection-webhooks.js';
import type { Enrolment } from './policies.js';

/** Whether the control plane of a workload reads an object. */
export type Visibility = 'visible' | 'hidden' | 'unknown';

/** By the revision that the object is meant for. */
function ofRevision(mesh: Mesh, object: Resource, enrolment: Decision<Enrolment>): Visibility {
  const wanted = stringAt(object.object, 'metadata', 'labels', 'istio.io/rev');
  if (wanted === undefined) return 'visible';
  const revision = enrolment.known ? enrolment.value.revision : undefined;
  if (revision === undefined) return 'unknown';
  if (revision === wanted) return 'visible';
  const isReal = Object.hasOwn(mesh.settings.versions, revision) || injectionWebhooks(mesh).length > 0;
  return mesh.scope === 'complete' || isReal ? 'hidden' : 'unknown';
}

/**
 * Whether a workload's control plane reads a configuration object: not in a namespace that its discoverySelectors
 * leave out; and one with the label `istio.io/rev` is read by that
 * revision only, any other by all (LabelsInRevision in pkg/config/model.go; tags do not count). A label of the
 * namespace may name a tag, so without webhooks or control planes in the input a revision can only be confirmed, not
 * ruled out.
 */
export function revisionVisibility(mesh: Mesh, object: Resource, enrolment: Decision<Enrolment>): Visibility {
  const discovered = configurationDiscovery(mesh, mesh.namespaceOf(object));
  if (discovered === 'hidden') return 'hidden';
  const visibility = ofRevision(mesh, object, enrolment);
  return visibility === 'visible' ? discovered : visibility;
}
