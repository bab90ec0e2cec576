import { allOf, defineCheck, describe, fail, isOpen, notApplicable, pass, services } from '#check';

/** Ports of a proxy's own, and what they show. */
const proxyPorts: Readonly<Record<number, string>> = {
  15000: 'the admin interface of the proxy',
  15020: 'merged metrics and health of the pod',
  15090: 'metrics of the proxy',
};

export default defineCheck({
  meta: {
    id: 'GW-026',
    title: 'Service publishes a port of the proxy itself',
    severity: 'low',
    confidence: 'high',
    examines: 'Services that are open to the outside',
    messages: {
      published: '{service} of type {type} opens port {port} to the outside: {shows}.',
    },
    remediation: 'Remove port {port} from {service}; scrape metrics and debug from inside the cluster.',
    controls: ['nist-800-53-r5/CM-7', 'nist-800-53-r5/SC-7', 'pci-dss-4.0.1/1.4.2'],
  },
  subjects: services,
  judge: (service, { mesh }) => {
    if (!isOpen(service)) return notApplicable('Service is not open to the outside');
    return allOf(
      service.ports.map(({ number, targetPort, path }) => {
        const target = typeof targetPort === 'number' ? targetPort : number;
        const shows = proxyPorts[target];
        if (shows === undefined) return pass;
        return fail({
          message: 'published',
          at: { resource: service.resource, path },
          data: { service: describe(mesh, service.resource), type: service.type, port: number, shows },
        });
      }),
    );
  },
});
