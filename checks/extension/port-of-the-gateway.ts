import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  mistakenPort,
  notApplicable,
  pass,
  pickedPorts,
  redirectedPort,
  resources,
  translatedPorts,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, GatewayPods, PickedPort, Resource, Subject, Workload } from '#check';

const extensions = (context: CheckContext): readonly Subject<Resource>[] => [
  ...resources(context, 'networking.istio.io', 'EnvoyFilter'),
  ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
  ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
];

/** Ports of Gateways that their pods do not listen on. */
function atGateway(extension: Resource, context: CheckContext, pods: GatewayPods) {
  return whenKnown(pods.listeners, () => {
    const translated = translatedPorts(pods);
    return allOf(
      pickedPorts(extension).map(({ number, at }) => {
        const port = translated.get(number);
        if (port === undefined) return pass;
        const data = { extension: describe(context.mesh, extension), number, port };
        return fail({ message: 'inert', at, data: { ...data, pods: describePods(context, pods) } });
      }),
    );
  });
}

/** Ports of Services that sidecars do not receive on. */
function atSidecars(extension: Resource, { mesh, policies }: CheckContext, sidecars: readonly Workload[]) {
  return ({ number, at, inbound }: PickedPort) => {
    if (!inbound || sidecars.length === 0) return pass;
    const data = { extension: describe(mesh, extension), number };
    if (number === redirectedPort)
      return fail({
        message: 'redirected',
        at,
        data,
        remediation: 'Write in {extension} the port on which the application listens, or no port at all.',
      });
    const mistaken = mistakenPort(number, sidecars, policies);
    if (mistaken === undefined) return pass;
    const { service, target } = mistaken;
    return fail({
      message: 'service',
      at,
      data: { ...data, port: target, service: describe(mesh, service.resource) },
    });
  };
}

export default defineCheck({
  meta: {
    id: 'EXT-016',
    title: 'Extension is limited to a port on which its proxies do not listen',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters and plugins that are limited to ports',
    messages: {
      inert:
        '{extension} is limited to port {number}, for which {pods} listen on {port}: it is in no listener there, and what it is to check is not checked.',
      service:
        '{extension} is limited to inbound port {number}, which is that of {service}; the pods receive on {port}, so that it is in no chain there and what it is to check is not checked.',
      redirected:
        '{extension} is limited to port {number}, by which all connections come to the sidecar; chains go by the port of the application, so that it is in none of them.',
    },
    remediation:
      'Write {port} instead of {number} in {extension}: listeners go by the port of the pod, not of the Gateway or Service.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7'],
  },
  subjects: extensions,
  judge: (extension, context) => {
    const picked = pickedPorts(extension);
    if (picked.length === 0) return notApplicable('extension is not limited to ports');
    const { mesh, policies } = context;
    return whenKnown(policies.selection(extension), ({ value: { workloads, inert } }) => {
      if (inert !== undefined) return notApplicable('extension has no effect');
      const gateways = policies
        .gatewayPods()
        .filter(({ selectedBy, workload }) => selectedBy === undefined && workloads.includes(workload));
      const sidecars = workloads.filter((workload) => {
        const enrolment = policies.enrolment(workload);
        return enrolment.known && enrolment.value.dataPlane === 'sidecar';
      });
      if (gateways.length === 0 && sidecars.length === 0)
        return mesh.scope === 'partial' && workloads.length === 0
          ? unknown([{ key: 'workloads', text: `workloads that ${describe(mesh, extension)} selects` }])
          : notApplicable('extension reaches no proxy');
      return allOf([
        ...gateways.map((pods) => atGateway(extension, context, pods)),
        ...picked.map(atSidecars(extension, context, sidecars)),
      ]);
    });
  },
});
