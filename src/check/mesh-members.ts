import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { EffectivePolicies } from '#policy/policies.js';

const kinds = ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'] as const;

const policyOfMesh = new WeakMap<Mesh, ReadonlyMap<Workload, Resource>>();

/** The first security policy of each workload that its own namespace holds. */
function ownPolicies({ mesh, selection }: EffectivePolicies): ReadonlyMap<Workload, Resource> {
  const first = new Map<Workload, Resource>();
  for (const policy of kinds.flatMap((kind) => mesh.ofKind('security.istio.io', kind))) {
    const selected = selection(policy);
    if (!selected.known || mesh.namespaceOf(policy) === mesh.settings.rootNamespace) continue;
    if (selected.value.scope !== 'target-refs')
      for (const workload of selected.value.workloads) getOrMake(first, workload, () => policy);
  }
  return first;
}

/** A security policy in the namespace of a workload that is for it; undefined: there is none. */
export function ownPolicyOf(policies: EffectivePolicies, workload: Workload): Resource | undefined {
  return getOrMake(policyOfMesh, policies.mesh, () => ownPolicies(policies)).get(workload);
}

const enrolledInMesh = new WeakMap<Mesh, boolean>();

/**
 * True where the manifests themselves bring some workload into the mesh. Where none does, labels are set by other means
 * (by hand, by an operator), and a namespace without one shows nothing.
 */
export function enrolsAny({ mesh, enrolment }: EffectivePolicies): boolean {
  const isMember = (workload: Workload): boolean => {
    const decision = enrolment(workload);
    return decision.known && /^(?:sidecar|ambient)$/.test(decision.value.dataPlane);
  };
  return getOrMake(enrolledInMesh, mesh, () => mesh.workloads.some(isMember));
}
