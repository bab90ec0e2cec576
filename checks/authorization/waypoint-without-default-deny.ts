import {
  allowsAtWaypoint,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-030',
    title: 'Nothing denies by default at a waypoint',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'waypoints',
    messages: {
      open: 'No ALLOW policy is bound to {waypoint}: every request that no DENY policy matches passes it. The default-deny of a namespace or the mesh does not reach waypoints.',
    },
    remediation:
      'Add to namespace {root} an AuthorizationPolicy with an empty rule list and targetRefs to GatewayClass istio-waypoint; then allow what is needed, Service by Service.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-53-r5/AC-3',
      'nist-800-204b/SAUZ-SR-1',
      'istio-best-practices/default-deny',
    ],
  },
  subjects: (context) => resources(context, 'gateway.networking.k8s.io', 'Gateway'),
  judge: (gateway, { mesh }) => {
    const allowed = allowsAtWaypoint(mesh, gateway);
    if (allowed === undefined) return notApplicable('Gateway is not a waypoint');
    if (allowed) return pass;
    if (mesh.scope === 'partial')
      return unknown([{ key: 'authorization-policies', text: 'AuthorizationPolicies outside the input' }]);
    return fail({
      message: 'open',
      at: { resource: gateway, path: ['spec'] },
      cause: 'no ALLOW policy for waypoints',
      data: { waypoint: describe(mesh, gateway), root: mesh.settings.rootNamespace },
    });
  },
});
