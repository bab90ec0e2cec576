import {
  actionOf,
  allOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  opensWhenDead,
  pass,
  referredServices,
  resources,
  servicesElsewhere,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, InboundPort, Resource, RuleField, Service, Workload } from '#check';

const planes = new Set(['sidecar', 'ambient']);

function judgeField(
  policy: Resource,
  field: RuleField,
  ports: readonly InboundPort[],
  { mesh }: CheckContext,
) {
  const action = actionOf(policy);
  const { at, values } = field;
  return allOf(
    values.map((value, index) => {
      const number = Number(value);
      if (ports.some((port) => port.number === number)) return pass;
      const meant = ports.find(({ services }) => services.some(({ port }) => port === number));
      const service = meant?.services.find(({ port }) => port === number)?.service;
      if (meant === undefined || service === undefined) return servicesElsewhere(mesh, ports) ?? pass;
      const opens = opensWhenDead(action, field);
      return fail({
        message: opens ? ('open' as const) : ('closed' as const),
        at: { ...at, path: [...at.path, index] },
        data: {
          policy: describe(mesh, policy),
          action: action ?? 'unknown',
          port: value,
          target: meant.number,
          service: describe(mesh, service.resource),
        },
        related: [{ at: meant.at, note: `leads to port ${String(meant.number)} of the pod` }],
        ...(opens ? {} : { severity: 'low' as const }),
      });
    }),
  );
}

function judgePolicy(policy: Resource, workloads: readonly Workload[], context: CheckContext) {
  const enrolments = workloads.map((workload) => context.policies.enrolment(workload));
  const doubt = enrolments.find(({ known }) => !known);
  if (doubt?.known === false && doubt.missing.length > 0) return unknown(doubt.missing);
  const enforcing = workloads.filter((_, index) => {
    const enrolment = enrolments[index];
    return enrolment?.known === true && planes.has(enrolment.value.dataPlane);
  });
  if (enforcing.length === 0) return notApplicable('policy reaches no workload of the mesh');
  const ports = enforcing.flatMap((workload) => context.policies.inboundPorts(workload));
  const fields = constraintsOf(policy).filter(isPort);
  return allOf(fields.map((field) => judgeField(policy, field, ports, context)));
}

/** At a waypoint it is the other way round: traffic to a Service has the Service's port. */
function judgeAtWaypoint(policy: Resource, { mesh }: CheckContext) {
  const services = referredServices(mesh, policy).filter((one): one is Service => 'headless' in one);
  if (services.length === 0) return notApplicable('policy names no Service');
  const ports = services.flatMap((service) => service.ports.map((port) => ({ service, ...port })));
  const action = actionOf(policy);
  return allOf(
    constraintsOf(policy)
      .filter(isPort)
      .flatMap((field) => field.values.map((value, index) => ({ field, value, index })))
      .map(({ field, value, index }) => {
        const meant = ports.find(({ targetPort }) => targetPort === Number(value));
        if (meant === undefined || ports.some(({ number }) => number === Number(value))) return pass;
        const opens = opensWhenDead(action, field);
        return fail({
          message: 'waypoint',
          at: { ...field.at, path: [...field.at.path, index] },
          data: {
            policy: describe(mesh, policy),
            action: action ?? 'unknown',
            port: value,
            target: meant.number,
            service: describe(mesh, meant.service.resource),
          },
          ...(opens ? {} : { severity: 'low' as const }),
        });
      }),
  );
}

const isPort = ({ name }: RuleField): boolean => name === 'ports' || name === 'destination.port';

export default defineCheck({
  meta: {
    id: 'AUTHZ-011',
    title: 'Policy names a port that the proxy does not see',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with ports',
    messages: {
      open: '{policy} names port {port}, which is that of {service}; the pod receives on {target}, so the {action} rule never matches and what it is to keep out is not kept out.',
      closed:
        '{policy} names port {port}, which is that of {service}; the pod receives on {target}, so the {action} rule refuses what it is to let through.',
      waypoint:
        '{policy} names port {port}, on which the pods of {service} receive; its waypoint sees port {target} of the Service, so that the {action} rule never matches there.',
    },
    remediation: 'Write port {target} instead of {port} in {policy}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/AC-4',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (!constraintsOf(policy).some(isPort)) return notApplicable('policy names no ports');
    return whenKnown(context.policies.selection(policy), ({ value: { inert, scope, workloads } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      if (scope === 'target-refs') return judgeAtWaypoint(policy, context);
      if (workloads.length > 0) return judgePolicy(policy, workloads, context);
      return context.mesh.scope === 'complete'
        ? notApplicable('policy reaches no workload')
        : unknown([{ key: 'workloads', text: `workloads that ${describe(context.mesh, policy)} reaches` }]);
    });
  },
});
