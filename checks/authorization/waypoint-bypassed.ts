import {
  allOf,
  defineCheck,
  deniesAllBut,
  describe,
  fail,
  guardsWaypoints,
  notApplicable,
  pass,
  policiesAtWaypoint,
  services,
  usesWaypoints,
  valueAt,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Service, Workload } from '#check';

function judgeWorkload(
  workload: Workload,
  policy: Resource,
  service: Service,
  { mesh, policies }: CheckContext,
) {
  return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) => {
    if (dataPlane !== 'ambient') return notApplicable('workload is not in ambient mode');
    return whenKnown(
      policies.authorization(workload),
      ({ value: { defaultAction, allowsEverything, deny } }) => {
        const isClosed = defaultAction === 'deny' && allowsEverything === undefined;
        if (isClosed || deny.some(({ resource }) => deniesAllBut(resource))) return pass;
        const field =
          valueAt(policy.object, ['spec', 'targetRefs']) === undefined ? 'targetRef' : 'targetRefs';
        return fail({
          message: 'bypassed',
          at: { resource: policy, path: ['spec', field] },
          data: {
            policy: describe(mesh, policy),
            service: describe(mesh, service.resource),
            workload: describe(mesh, workload.resource),
          },
        });
      },
    );
  });
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-023',
    title: 'Policy of a waypoint can be bypassed',
    severity: 'high',
    confidence: 'high',
    examines: 'Services with a waypoint',
    messages: {
      bypassed:
        '{policy} is enforced by the waypoint of {service}, but {workload} takes connections from anybody: who calls the pod by its address, from a sidecar, or through a gateway without ingress-use-waypoint, does not pass the waypoint.',
    },
    remediation:
      'Add to the namespace of {workload} an AuthorizationPolicy without targetRefs that allows the account of the waypoint only; ztunnel enforces it.',
    controls: [
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SC-7(8)',
      'nist-800-204b/SAUZ-SR-1',
    ],
  },
  subjects: services,
  unless: ({ mesh }) => (usesWaypoints(mesh) ? undefined : 'nothing in the input asks for a waypoint'),
  judge: (service, context) => {
    const { mesh, policies } = context;
    return whenKnown(policies.waypointOf(service), ({ value: { waypoint } }) => {
      if (waypoint === undefined) return notApplicable('Service has no waypoint');
      const [policy] = policiesAtWaypoint(mesh, waypoint, service);
      if (policy === undefined) return notApplicable('no policy is bound to the waypoint');
      if (guardsWaypoints(mesh)) return pass;
      const workloads = mesh.workloadsOf(service);
      if (workloads.length === 0) return notApplicable('Service has no workload in the input');
      return allOf(workloads.map((workload) => judgeWorkload(workload, policy, service, context)));
    });
  },
});
