import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  referredServices,
  resources,
  valueAt,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['AuthorizationPolicy', 'RequestAuthentication'];

const policiesOf = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'security.istio.io', kind));

export default defineCheck({
  meta: {
    id: 'AUTHZ-020',
    title: 'Policy is for a Service that has no waypoint',
    severity: 'high',
    confidence: 'high',
    examines: 'policies with targetRefs to Services',
    messages: {
      unbound: '{policy} is for {service}, which no waypoint serves: nothing enforces it.',
    },
    remediation:
      'Give {service} a waypoint (label istio.io/use-waypoint on it or on its namespace, and the Gateway), or write {policy} with a selector if the pods have sidecars.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SC-7(18)',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
    ],
    aliases: ['KIA0109', 'KIA1110'],
  },
  subjects: policiesOf,
  judge: (policy, { mesh, policies }) => {
    const services = referredServices(mesh, policy);
    if (services.length === 0) return notApplicable('policy names no Service of the input');
    return allOf(
      services.map((service) =>
        whenKnown(policies.waypointOf(service), ({ value: { waypoint } }) => {
          if (waypoint !== undefined) return pass;
          const field =
            valueAt(policy.object, ['spec', 'targetRefs']) === undefined ? 'targetRef' : 'targetRefs';
          const resource = 'headless' in service ? service.resource : service;
          return fail({
            message: 'unbound',
            at: { resource: policy, path: ['spec', field] },
            data: { policy: describe(mesh, policy), service: describe(mesh, resource) },
          });
        }),
      ),
    );
  },
});
