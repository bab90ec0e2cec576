import { defineCheck, fail, notApplicable, pass, theMesh, unknown, usesCni } from '#check';

export default defineCheck({
  meta: {
    id: 'CP-022',
    title: 'Every pod of the mesh may change its network',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'meshes with sidecars',
    messages: {
      init: 'Sidecars are injected without the CNI plugin of Istio: every pod gets a container with NET_ADMIN and NET_RAW, so Pod Security cannot refuse these to applications.',
    },
    remediation: 'Install the chart istio/cni and set pilot.cni.enabled: true in the values of istiod.',
    controls: [
      'istio-best-practices/cni-plugin',
      'nist-800-53-r5/AC-6',
      'cis-kubernetes-2.0.1/5.2.9',
      'cis-kubernetes-2.0.1/5.2.8',
    ],
  },
  subjects: theMesh,
  judge: (mesh, { policies }) => {
    const sidecar = mesh.workloads.find((workload) => {
      const enrolment = policies.enrolment(workload);
      return enrolment.known && enrolment.value.dataPlane === 'sidecar';
    });
    if (sidecar === undefined) return notApplicable('no workload is known to get a sidecar');
    const uses = usesCni(mesh);
    if (uses === undefined)
      return unknown([{ key: 'injector-settings', text: 'settings of the sidecar injector' }]);
    if (uses) return pass;
    const { injectorSource, sources } = mesh.settings;
    const at = injectorSource ?? sources[0] ?? { resource: sidecar.resource, path: sidecar.podPath };
    return fail({ message: 'init', at, like: 'init' });
  },
});
