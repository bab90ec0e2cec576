import {
  defineCheck,
  describe,
  egressRoute,
  fail,
  limitsEgress,
  notApplicable,
  pass,
  resources,
  stringsAt,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-008',
    title: 'Egress gateway can be gone round',
    severity: 'medium',
    confidence: 'medium',
    examines: 'VirtualServices that send traffic to an egress gateway',
    messages: {
      bypass:
        '{route} asks proxies to send {hosts} through Gateway {gateway}, but no NetworkPolicy in namespace {namespace} keeps pods from going there directly.',
    },
    remediation:
      'Add a NetworkPolicy with policyTypes: [Egress] to namespace {namespace} (and the other namespaces of the mesh) that lets pods reach the egress gateway, the mesh and DNS only.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-53-r5/SC-7',
      'istio-best-practices/egress',
      'istio-best-practices/network-policy',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const found = egressRoute(route);
    if (found === undefined) return notApplicable('VirtualService sends nothing to an egress gateway');
    const namespace = mesh.namespaceOf(route);
    if (limitsEgress(mesh, namespace)) return pass;
    if (mesh.scope === 'partial')
      return unknown([{ key: 'network-policy', text: `NetworkPolicies of namespace ${namespace}` }]);
    return fail({
      message: 'bypass',
      at: found.at,
      data: {
        route: describe(mesh, route),
        hosts: stringsAt(route.object, 'spec', 'hosts').join(', '),
        gateway: found.gateway,
        namespace,
      },
    });
  },
});
