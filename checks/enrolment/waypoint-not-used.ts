import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  services,
  usesWaypoints,
  whenKnown,
  workloads,
} from '#check';
import type { CheckContext, Resource, Service, Subject, Workload } from '#check';

const reasons = {
  WaypointIsNotReady: 'there is no such waypoint, or it has no address yet',
  AttachmentDenied: 'its allowedRoutes do not admit the namespace',
  UnsupportedTrafficType: 'it is for other traffic (label istio.io/waypoint-for)',
};

type User = Service | Resource | Workload;

/** Pods are judged by their own label only: that of the namespace is for Services unless the waypoint says otherwise. */
function users(context: CheckContext): readonly Subject<User>[] {
  return [
    ...services(context),
    ...resources(context, 'networking.istio.io', 'ServiceEntry'),
    ...workloads(context).filter(({ value }) => Object.hasOwn(value.labels, 'istio.io/use-waypoint')),
  ];
}

const resourceOf = (user: User): Resource => ('resource' in user ? user.resource : user);

export default defineCheck({
  meta: {
    id: 'ENR-006',
    title: 'Waypoint that is asked for is not used',
    severity: 'high',
    confidence: 'high',
    examines: 'Services, ServiceEntries and pods that ask for a waypoint',
    messages: {
      refused:
        'Traffic to {subjects} goes past waypoint {waypoint}, which is asked for: {reason}. Policies of the waypoint do not apply.',
    },
    remediation:
      'Make waypoint {waypoint} fit: create the Gateway of class istio-waypoint, let spec.listeners[].allowedRoutes admit the namespace of {user}, and set istio.io/waypoint-for to service, workload or all.',
    controls: [
      'nist-800-53-r5/SC-7(18)',
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/CM-6',
    ],
    aliases: ['KIA1313', 'IST0171'],
  },
  subjects: users,
  unless: ({ mesh }) => (usesWaypoints(mesh) ? undefined : 'nothing in the input asks for a waypoint'),
  judge: (user, { mesh, policies }) => {
    return whenKnown(policies.waypointOf(user), ({ value: { wanted, refused }, decidedBy }) => {
      if (wanted === undefined) return notApplicable('nothing asks for a waypoint here');
      if (refused === undefined) return pass;
      return fail({
        message: 'refused',
        at: decidedBy === 'default' ? { resource: resourceOf(user), path: [] } : decidedBy,
        data: { waypoint: wanted, reason: reasons[refused], user: describe(mesh, resourceOf(user)) },
      });
    });
  },
});
