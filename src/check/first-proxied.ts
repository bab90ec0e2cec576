import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import type { EffectivePolicies } from '#policy/policies.js';

const known = new WeakMap<EffectivePolicies, { readonly workload: Workload | undefined }>();

/** The first workload of the mesh whose calls an Envoy makes, sidecar or gateway; undefined: none does. */
export function firstProxied(policies: EffectivePolicies): Workload | undefined {
  return getOrMake(known, policies, () => ({
    workload: policies.mesh.workloads.find((workload) => {
      const enrolment = policies.enrolment(workload);
      return (
        enrolment.known &&
        (enrolment.value.dataPlane === 'sidecar' || enrolment.value.dataPlane === 'gateway')
      );
    }),
  })).workload;
}
