import type { FieldRef } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Service, Workload } from '#mesh/mesh.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import type { IngressWay } from '#policy/gateway/ingress-exposures.js';
import { splitNamespace } from '#policy/gateway/host-name.js';
import { isOpen } from '#policy/gateway/service-exposures.js';
import type { GatewayServer } from '#policy/policies.js';
import type { Origin } from './at-waypoint.js';
import {
  frontInspection,
  objectEntrances,
  podsInspection,
  targetInspection,
  unseenInspection,
} from './front/front-engines.js';
import type { Entrance } from './front/front-engines.js';
import { gatewayInspection, podsElsewhere } from './gateway-inspection.js';
import type { InspectionDecision, PublicRoute } from './inspection.js';
import { combineDecisions, inSeries } from './verdict.js';
import type { WafContext } from './waf-context.js';
import { elsewhere, isShown, workloadInspection } from './workload-inspection.js';
import { entrancesTo, frontWays, isPublic, portsOfIngress } from './ways/entrances.js';
import { gatewayWays } from './ways/gateway-ways.js';
import { mayBeHttp } from './ways/http-ports.js';

/** What the workloads that a route ends at inspect themselves; undefined where the input holds none. */
function atDestination(
  context: WafContext,
  workloads: readonly Workload[],
  from: Origin,
): InspectionDecision | undefined {
  if (workloads.length === 0) return undefined;
  return combineDecisions(workloads.map((workload) => atWorkload(context, workload, from)));
}

/** What waypoints inspect depends on where requests come from; all else does not. */
function atWorkload(context: WafContext, workload: Workload, from: Origin): InspectionDecision {
  const { policies } = context;
  const enrolment = policies.enrolment(workload);
  const isAmbient = enrolment.known && enrolment.value.dataPlane === 'ambient';
  return isAmbient ? workloadInspection(context, workload, from) : policies.waf.inspection(workload);
}

/** The stages of a way together; that nothing at all is there is unknown where the input does not show such things. */
function inSeriesOf(
  context: WafContext,
  stages: () => readonly (InspectionDecision | undefined)[],
): InspectionDecision {
  if (!context.policies.waf.used()) return elsewhere(context);
  const whole = inSeries(stages().filter((stage) => stage !== undefined));
  const isNothing = whole.known && whole.value.verdict === 'not-inspected' && whole.value.gaps.length === 0;
  const unseen = isNothing ? unseenInspection(context) : undefined;
  if (unseen !== undefined) return unseen;
  return isNothing && !isShown(context) ? elsewhere(context) : whole;
}

type ServerAt = (at: FieldRef) => GatewayServer | undefined;

function serversByPlace({ policies }: WafContext): ServerAt {
  const keyOf = ({ resource, path }: FieldRef): string =>
    `${resource.kind} ${resource.namespace ?? ''}/${resource.name} ${path.join('.')}`;
  const index = new Map(policies.gatewayServers().map((server) => [keyOf(server.at), server]));
  return (at) => index.get(keyOf(at));
}

function gatewayRoutes(context: WafContext, pods: GatewayPods, serverAt: ServerAt): readonly PublicRoute[] {
  const { mesh } = context;
  const atGateway = lazy(() => gatewayInspection(context, pods));
  const { workload, selectedBy } = pods;
  const entrancesOf = new Map<number, readonly Entrance[]>();
  return gatewayWays(mesh, pods).map((way) => {
    const { host, path, port, server: at, workloads } = way;
    const entrances = getOrMake(entrancesOf, port, () =>
      selectedBy === undefined
        ? [...entrancesTo(mesh, workload, port), ...objectEntrances(context, workload)]
        : [],
    );
    const stages = (): readonly (InspectionDecision | undefined)[] => [
      frontInspection(context, host, entrances),
      targetInspection(context, [at.resource, ...way.routes.map(({ rule }) => rule.resource)]),
      podsInspection(context, workload),
      atGateway()(way),
      atDestination(context, workloads, 'gateway'),
    ];
    return {
      host,
      path,
      port,
      at,
      server: serverAt(at),
      gateway: selectedBy === undefined ? workload : undefined,
      workloads,
      public: selectedBy !== undefined || isPublic(mesh, workload, entrances),
      inspection: inSeriesOf(context, stages),
    };
  });
}

/** Servers of the Kubernetes Gateway API whose pods istiod makes, so that files of a repository do not hold them. */
function unservedRoutes(context: WafContext): readonly PublicRoute[] {
  const { mesh, policies } = context;
  if (mesh.scope === 'complete') return [];
  return policies
    .gatewayServers()
    .filter(
      ({ api, tls, protocol, workloads }) =>
        api === 'gateway-api' &&
        workloads.length === 0 &&
        (protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'TLS') &&
        tls !== 'REDIRECT' &&
        tls !== 'ISTIO_MUTUAL',
    )
    .flatMap((server) =>
      server.hosts.map((host) => ({
        host: splitNamespace(host).name,
        path: undefined,
        port: server.port,
        at: server.at,
        server,
        gateway: undefined,
        workloads: [],
        public: true,
        inspection: inSeriesOf(context, () => [
          targetInspection(context, [server.resource]),
          podsElsewhere(`Gateway ${mesh.namespaceOf(server.resource)}/${server.resource.name}`),
        ]),
      })),
    );
}

/** True for workloads that requests are led on from, which are told by their own routes. */
function isGateway({ policies }: WafContext, workload: Workload): boolean {
  const enrolment = policies.enrolment(workload);
  const plane = enrolment.known ? enrolment.value.dataPlane : undefined;
  return plane === 'gateway' || plane === 'waypoint' || plane === 'ztunnel';
}

function ingressRoute(context: WafContext, way: IngressWay): PublicRoute | undefined {
  const { mesh } = context;
  const { service, host, path, at } = way;
  if (service === undefined && mesh.scope === 'complete') return undefined;
  const behind = service === undefined ? [] : mesh.workloadsOf(service);
  const workloads = behind.filter((workload) => !isGateway(context, workload));
  if (workloads.length === 0 && behind.length > 0) return undefined;
  const entrance: Entrance = { by: 'ingress', way, service, ports: portsOfIngress(way) };
  const stages = (): readonly (InspectionDecision | undefined)[] => [
    frontInspection(context, host, [entrance]),
    atDestination(context, workloads, 'outside'),
  ];
  return { ...direct, host, path, port: undefined, at, workloads, inspection: inSeriesOf(context, stages) };
}

/** The ports of a Service that lead clients outside of the cluster straight to workloads. */
function serviceRoutes(context: WafContext, service: Service): readonly PublicRoute[] {
  const { mesh } = context;
  if (!isOpen(service)) return [];
  // Load balancers of cloud providers reach the backends of Ingresses by their node ports.
  if (service.type === 'NodePort' && frontWays(mesh).some((way) => way.service === service)) return [];
  const workloads = mesh.workloadsOf(service).filter((workload) => !isGateway(context, workload));
  if (workloads.length === 0) return [];
  return service.ports
    .filter(({ protocol }) => mayBeHttp(protocol))
    .map((port): PublicRoute => {
      const inspection = inSeriesOf(context, () => [
        frontInspection(context, '*', [{ by: 'service', service, port }]),
        atDestination(context, workloads, 'outside'),
      ]);
      const at = { resource: service.resource, path: port.path };
      return { ...direct, host: '*', path: undefined, port: port.number, at, workloads, inspection };
    });
}

const direct = { server: undefined, gateway: undefined, public: true } as const;

/**
 * Every way in from outside, with what inspects its requests on the way: something in front of the gateway, the gateway's
 * own proxy, the proxy of the workload. What only redirects needs no inspection and is no way in.
 */
export function routeInspections(context: WafContext): readonly PublicRoute[] {
  const { mesh, policies } = context;
  const serverAt = serversByPlace(context);
  return [
    ...policies.gatewayPods().flatMap((pods) => gatewayRoutes(context, pods, serverAt)),
    ...unservedRoutes(context),
    ...frontWays(mesh).flatMap((way) => ingressRoute(context, way) ?? []),
    ...mesh.services.flatMap((service) => serviceRoutes(context, service)),
  ];
}
