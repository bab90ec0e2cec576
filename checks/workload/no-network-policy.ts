import { defineCheck, fail, namespaces, notApplicable, pass, placeOf, unknown } from '#check';

export default defineCheck({
  meta: {
    id: 'WL-012',
    title: 'Namespace of the mesh has no NetworkPolicy',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'namespaces with enrolled workloads',
    messages: {
      none: 'No NetworkPolicy stands in namespace {namespace}: what gets past a proxy there is stopped by nothing.',
    },
    remediation:
      'Add a NetworkPolicy for all pods of namespace {namespace} that lets in what the mesh lets in, and port 15008 in ambient mode.',
    controls: [
      'cis-kubernetes-2.0.1/5.3.2',
      'istio-best-practices/network-policy',
      'nist-800-53-r5/SC-7(5)',
      'pci-dss-4.0.1/1.3.1',
      'cis-controls-8.1/13.4',
    ],
  },
  subjects: namespaces,
  judge: ({ name, resource }, { mesh, policies }) => {
    const enrolled = mesh.workloadsIn(name).filter((workload) => {
      const enrolment = policies.enrolment(workload);
      return enrolment.known && /^(?:sidecar|ambient)$/.test(enrolment.value.dataPlane);
    });
    const [first] = enrolled;
    if (first === undefined) return notApplicable('no workload of the namespace is known to be in the mesh');
    if (mesh.inNamespace('networking.k8s.io', 'NetworkPolicy', name).length > 0) return pass;
    if (mesh.scope === 'partial')
      return unknown([{ key: 'network-policies', text: `NetworkPolicies of namespace ${name}` }]);
    const at = resource === undefined ? placeOf(first) : { resource, path: ['metadata', 'name'] };
    return fail({ message: 'none', at, like: 'none', data: { namespace: name } });
  },
});
