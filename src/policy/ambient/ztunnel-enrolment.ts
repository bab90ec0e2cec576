import type { Mesh } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';

/** The revision of the only control plane of a whole mesh: ztunnel can be a client of no other. */
function onlyRevision({ scope, settings }: Mesh): string | undefined {
  const [revision = settings.defaultRevision, another] = Object.keys(settings.versions);
  return scope === 'complete' && another === undefined ? revision : undefined;
}

/**
 * The enrolment of a workload with the revision whose istiod tells ztunnel of policies: nothing is injected in ambient
 * mode, so no label of the workload names one (inRevision in pilot/pkg/serviceregistry/ambient/ambientindex.go).
 */
export function ztunnelEnrolment(mesh: Mesh, enrolment: Decision<Enrolment>): Decision<Enrolment> {
  if (!enrolment.known || enrolment.value.revision !== undefined) return enrolment;
  return { ...enrolment, value: { ...enrolment.value, revision: onlyRevision(mesh) } };
}
