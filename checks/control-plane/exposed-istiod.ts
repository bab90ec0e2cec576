import { defineCheck, fail, leadsToIstiod, notApplicable, objectAt, pass, services } from '#check';
import type { Service, ServicePort, Severity } from '#check';

/** Ports of istiod that speak without TLS (pilot/cmd/pilot-discovery/app/cmd.go). */
const plaintext: ReadonlySet<number> = new Set([8080, 15010, 15014]);

const targetOf = ({ number, targetPort }: ServicePort): number => {
  if (targetPort === 'http-debug') return 8080;
  if (targetPort === 'grpc-xds') return 15010;
  if (targetPort === 'http-monitoring') return 15014;
  return typeof targetPort === 'number' ? targetPort : number;
};

/** Load balancers of a private network say so in annotations of their cloud. */
const isInternal = ({ resource }: Service): boolean =>
  Object.entries(objectAt(resource.object, 'metadata', 'annotations') ?? {}).some(
    ([name, value]) =>
      /internal/i.test(name) ||
      (/scheme|type$/.test(name) && typeof value === 'string' && /^internal$/i.test(value)),
  );

const isOpen = ({ type }: Service): boolean => type === 'LoadBalancer' || type === 'NodePort';

export default defineCheck({
  meta: {
    id: 'CP-017',
    title: 'Control plane is reached from outside of the cluster',
    severity: 'high',
    confidence: 'high',
    examines: 'Services of istiod',
    messages: {
      plaintext:
        'Service {service} of type {type} opens port {port} of istiod to networks outside of the cluster: it speaks without TLS.',
      open: 'Service {service} of type {type} opens ports of istiod to networks outside of the cluster: certificates and configuration are a request away from anyone who gets there.',
    },
    remediation:
      'Make Service {service} a ClusterIP; other clusters reach istiod through an east-west gateway with TLS passthrough of port 15012.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/SC-7(3)', 'pci-dss-4.0.1/1.4.2'],
  },
  subjects: services,
  judge: (service, { mesh }) => {
    if (!leadsToIstiod(mesh, service)) return notApplicable('Service is not of istiod');
    if (!isOpen(service)) return pass;
    const { resource, type, ports } = service;
    const data = { service: `${service.namespace}/${service.name}`, type };
    const bare = ports.filter((port) => plaintext.has(targetOf(port)));
    const severity: Severity = isInternal(service) ? 'medium' : 'high';
    if (bare.length === 0)
      return fail({
        message: 'open',
        severity: isInternal(service) ? 'low' : 'medium',
        at: { resource, path: ['spec', 'type'] },
        data,
      });
    return fail(
      ...bare.map((port) => ({
        message: 'plaintext' as const,
        severity,
        at: { resource, path: port.path },
        data: { ...data, port: port.number },
      })),
    );
  },
});
