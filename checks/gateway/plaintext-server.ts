import { defineCheck, describe, fail, gatewayServers, notApplicable, objectAt, pass, stringAt } from '#check';
import type { CheckContext, GatewayServer, Resource, Service } from '#check';

const http = /^(?:HTTP|HTTP2|HTTP_PROXY|GRPC|GRPC-WEB)$/i;

const serviceType = 'networking.istio.io/service-type';

/** The type of the Service that istiod makes for a gateway of the Gateway API. */
const madeServiceType = ({ object }: Resource): string | undefined =>
  stringAt(object, 'spec', 'infrastructure', 'annotations', serviceType) ??
  stringAt(object, 'metadata', 'annotations', serviceType);

/** Services that lead to what a Gateway selects, where its pods are not in the input. */
function servicesBeside({ resource }: GatewayServer, { mesh }: CheckContext): readonly Service[] {
  const wanted = Object.entries(objectAt(resource.object, 'spec', 'selector') ?? {});
  if (wanted.length === 0) return [];
  return mesh.services.filter((service) =>
    wanted.every(([key, value]) => Object.hasOwn(service.selector, key) && service.selector[key] === value),
  );
}

/** Istio takes the number of a server for the port of a Service, else for that of the pods. */
const publishes =
  (port: number) =>
  ({ ports }: Service): boolean =>
    ports.some(({ number, targetPort }) => number === port || targetPort === port);

/** Where the pods are elsewhere their other Services are too: only a port that has no other name counts as published. */
const reroutes =
  (port: number) =>
  ({ ports }: Service): boolean =>
    ports.some(({ number, targetPort }) => number !== port && targetPort === port);

/** What decides who can call the port: the Services that publish it, else all Services before the pods. */
function servicesOf(server: GatewayServer, context: CheckContext): readonly Service[] {
  const { workloads, port } = server;
  if (workloads.length === 0) return servicesBeside(server, context).filter(reroutes(port));
  const before = workloads.flatMap((workload) => context.mesh.servicesOf(workload));
  const publishing = before.filter(publishes(port));
  return publishing.length > 0 ? publishing : before;
}

/** True for egress gateways as Istio's charts label them, and where Services of type ClusterIP alone lead to the port. */
const isInternal = (server: GatewayServer, context: CheckContext): boolean => {
  const { resource } = server;
  if (stringAt(resource.object, 'spec', 'selector', 'istio') === 'egressgateway') return true;
  if (madeServiceType(resource) === 'ClusterIP') return true;
  const services = servicesOf(server, context);
  return services.length > 0 && services.every(({ type }) => type === 'ClusterIP');
};

export default defineCheck({
  meta: {
    id: 'GW-001',
    title: 'Gateway serves plaintext HTTP',
    severity: 'high',
    confidence: 'medium',
    examines: 'servers of gateways',
    messages: {
      plaintext: '{gateway} serves {hosts} in plaintext on port {port} and does not redirect to https.',
    },
    remediation:
      'On port {port} of {gateway} leave only a redirect to https (Istio Gateway: tls.httpsRedirect: true; Gateway API: an HTTPRoute with a RequestRedirect filter of scheme https), and serve {hosts} from an HTTPS server with its own certificate.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/AC-17(2)',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/4.2.1',
      'cis-controls-8.1/3.10',
    ],
  },
  subjects: gatewayServers,
  judge: (server, context) => {
    if (server.tls !== 'PLAINTEXT') return pass;
    if (!http.test(server.protocol))
      return notApplicable('server is not HTTP: its bytes may be encrypted by the application');
    return fail({
      message: 'plaintext',
      at: server.at,
      like: `${describe(context.mesh, server.resource)}:${String(server.port)}`,
      data: {
        gateway: describe(context.mesh, server.resource),
        hosts: server.hosts.join(', '),
        port: server.port,
      },
      ...(isInternal(server, context) ? { severity: 'medium' } : {}),
    });
  },
});
