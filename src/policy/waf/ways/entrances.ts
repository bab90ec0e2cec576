import { listAt, valueAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import { ingressWays } from '#policy/gateway/ingress-exposures.js';
import type { IngressWay } from '#policy/gateway/ingress-exposures.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { isOpen } from '#policy/gateway/service-exposures.js';
import { foreignGatewayWays } from './foreign-gateways.js';

/** How clients outside of the cluster get to a port of a workload's pods. */
export type Entrance =
  | { readonly by: 'service'; readonly service: Service; readonly port: ServicePort }
  | {
      readonly by: 'ingress';
      readonly way: IngressWay;
      /** Undefined: the input does not hold it. */
      readonly service: Service | undefined;
      /** Ports of the Service that lead to the workload's. */
      readonly ports: readonly ServicePort[];
    }
  /** By the address of the node: `hostNetwork`, `hostPort`. */
  | { readonly by: 'node' };

/** Ways by what stands in front of the mesh: Ingresses, and Gateways of other controllers than Istio's. */
export const frontWays = perMesh((mesh: Mesh): readonly IngressWay[] => [
  ...ingressWays(mesh),
  ...foreignGatewayWays(mesh),
]);

const ingressesByService = perMesh((mesh: Mesh): ReadonlyMap<Service, readonly IngressWay[]> => {
  const index = new Map<Service, IngressWay[]>();
  for (const way of frontWays(mesh)) {
    if (way.service !== undefined) getOrMake(index, way.service, () => []).push(way);
  }
  return index;
});

/** The ports of its Service that an Ingress leads to. */
export function portsOfIngress({ service, port }: IngressWay): readonly ServicePort[] {
  return (service?.ports ?? []).filter(
    ({ number, name }) => port === undefined || number === port || name === port,
  );
}

function portsTo(service: Service, workload: Workload, port: number): readonly ServicePort[] {
  return service.ports.filter((each) => targetPortOf(each, workload) === port);
}

function hasHostPort({ containers }: Workload, port: number): boolean {
  return containers.some(({ spec }) =>
    listAt(spec, 'ports').some((each) => {
      const hostPort = valueAt(each, ['hostPort']);
      return valueAt(each, ['containerPort']) === port && typeof hostPort === 'number' && hostPort > 0;
    }),
  );
}

/** The entrances to a port of a workload that the input shows. */
export function entrancesTo(mesh: Mesh, workload: Workload, port: number): readonly Entrance[] {
  const byService = mesh.servicesOf(workload).flatMap((service): readonly Entrance[] => {
    const ports = portsTo(service, workload, port);
    const open = isOpen(service) ? ports : [];
    const ways = ports.length === 0 ? [] : (ingressesByService(mesh).get(service) ?? []);
    const byIngress = ways.map((way): Entrance => {
      const taken = portsOfIngress(way).filter((each) => ports.includes(each));
      return { by: 'ingress', way, service, ports: taken };
    });
    return [
      ...open.map((each): Entrance => ({ by: 'service', service, port: each })),
      ...byIngress.filter((entrance) => entrance.by === 'ingress' && entrance.ports.length > 0),
    ];
  });
  const byNode = workload.hostNetwork || hasHostPort(workload, port);
  return byNode ? [...byService, { by: 'node' }] : byService;
}

/**
 * True unless the input shows that only clients inside of the cluster get to the port: its Services are all closed, or
 * a complete scope holds none.
 */
export function isPublic(mesh: Mesh, workload: Workload, entrances: readonly unknown[]): boolean {
  if (entrances.length > 0) return true;
  return mesh.scope === 'partial' && mesh.servicesOf(workload).length === 0;
}
