import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  objectAt,
  pass,
  resources,
  servicesElsewhere,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, InboundPort, Resource } from '#check';

function judgePort(policy: Resource, key: string, ports: readonly InboundPort[], { mesh }: CheckContext) {
  const number = Number(key);
  if (ports.some((port) => port.number === number)) return pass;
  const meant = ports.find(({ services }) => services.some(({ port }) => port === number));
  const service = meant?.services.find(({ port }) => port === number)?.service;
  if (meant === undefined || service === undefined) return servicesElsewhere(mesh, ports) ?? pass;
  const mode = stringAt(policy.object, 'spec', 'portLevelMtls', key, 'mode') ?? 'UNSET';
  const isStrict = mode === 'STRICT';
  return fail({
    message: isStrict ? ('strict' as const) : ('exception' as const),
    at: { resource: policy, path: ['spec', 'portLevelMtls', key] },
    data: {
      policy: describe(mesh, policy),
      port: number,
      target: meant.number,
      mode,
      service: describe(mesh, service.resource),
    },
    related: [{ at: meant.at, note: `leads to port ${String(meant.number)} of the pod` }],
    ...(isStrict ? {} : { severity: 'low' as const }),
  });
}

export default defineCheck({
  meta: {
    id: 'MTLS-005',
    title: 'Port-level mTLS names the port of the Service',
    severity: 'high',
    confidence: 'high',
    examines: 'PeerAuthentications with portLevelMtls',
    messages: {
      strict:
        '{policy} sets port {port} to STRICT, which is that of {service}; the pod receives on {target}, whose mode stays what it was.',
      exception:
        '{policy} sets port {port} to {mode}, which is that of {service}; the pod receives on {target}, so that the exception does nothing.',
    },
    remediation: 'Write {target} instead of {port} in spec.portLevelMtls of {policy}.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/CM-6',
      'nist-800-207a/ID-SEG-REC-1',
      'istio-best-practices/strict-mtls',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'PeerAuthentication'),
  judge: (policy, context) => {
    const { mesh, policies } = context;
    const keys = Object.keys(objectAt(policy.object, 'spec', 'portLevelMtls') ?? {});
    if (keys.length === 0) return notApplicable('policy has no portLevelMtls');
    return whenKnown(policies.selection(policy), ({ value: { inert, workloads } }) => {
      if (inert !== undefined) return notApplicable('policy has no effect');
      const ports = workloads.flatMap((workload) => policies.inboundPorts(workload));
      if (ports.length > 0) return allOf(keys.map((key) => judgePort(policy, key, ports, context)));
      return mesh.scope === 'complete'
        ? notApplicable('policy reaches no workload with ports')
        : unknown([{ key: 'workloads', text: `workloads that ${describe(mesh, policy)} selects` }]);
    });
  },
});
