import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { gatewayNameLabel } from '#policy/attachment.js';
import { configurationDiscovery } from '#policy/discovery.js';
import { deployedName, gatewayClassOf } from '#policy/gateway/gateway-class.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { allowedRoutesOf } from './allowed-routes.js';
import type { AllowedRoutes } from './allowed-routes.js';

/** Which traffic a waypoint takes: that to Services, that to addresses of pods, or both; any other value takes none. */
export interface TrafficType {
  /** Undefined: the class that says it is not in the input. */
  readonly value: string | undefined;
  readonly at: FieldRef;
}

/** A Gateway that Services and pods may name as their waypoint; istiod does not ask what its class is. */
export interface Waypoint {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly resource: Resource;
  /** False as long as its status has no address. */
  readonly ready: boolean;
  readonly trafficType: TrafficType;
  readonly allowedRoutes: AllowedRoutes;
  /** True where istiod builds a waypoint's listeners for it. */
  readonly isServed: boolean;
  /** Accounts that its pods run under. */
  readonly serviceAccounts: readonly string[];
  /** Labels and annotations of its pods, as the input shows them, else as istiod makes them. */
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** The pods, where the input holds them. */
  readonly workload: Workload | undefined;
}

const group = 'gateway.networking.k8s.io';
const forLabel = 'istio.io/waypoint-for';

function metadata({ object }: Resource, field: 'labels' | 'annotations'): StringMap {
  return stringMap(objectAt(object, 'metadata', field));
}

/**
 * A Gateway without a status is one that nobody has deployed yet; it will be, as any Deployment will have pods
 * (gatewayToWaypointTransform in pilot/pkg/serviceregistry/ambient/waypoints.go leaves out those without addresses).
 */
function isReady({ object }: Resource): boolean {
  if (valueAt(object, ['status']) === undefined) return true;
  return listAt(object, 'status', 'addresses').length > 0;
}

function classOf(mesh: Mesh, { object }: Resource): Resource | undefined {
  return mesh.find(group, 'GatewayClass', undefined, stringAt(object, 'spec', 'gatewayClassName') ?? '');
}

/** The Gateway's label, else its class's, else `service` (gatewayToWaypointTransform). */
function trafficTypeOf(mesh: Mesh, gateway: Resource): TrafficType {
  const gatewayClass = classOf(mesh, gateway);
  for (const resource of [gateway, gatewayClass]) {
    const labels = resource && metadata(resource, 'labels');
    if (resource !== undefined && labels !== undefined && Object.hasOwn(labels, forLabel))
      return { value: labels[forLabel], at: { resource, path: ['metadata', 'labels', forLabel] } };
  }
  const at = { resource: gateway, path: ['metadata'] };
  // Classes that istiod makes itself have no labels.
  const isKnown =
    gatewayClass !== undefined || mesh.scope === 'complete' || gatewayClassOf(mesh, gateway) !== undefined;
  return { value: isKnown ? 'service' : undefined, at };
}

/** What `spec.infrastructure` says, else what the Gateway itself has (extractInfrastructureMetadata in deploymentcontroller.go). */
function infrastructure(mesh: Mesh, gateway: Resource, field: 'labels' | 'annotations'): StringMap {
  const written = objectAt(gateway.object, 'spec', 'infrastructure', field);
  if (written !== undefined)
    return Object.fromEntries(
      Object.entries(stringMap(written)).filter(([key]) => !key.startsWith(`${group}/`)),
    );
  const copies = istiodFlag(mesh, 'ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS', true);
  return copies ? metadata(gateway, field) : {};
}

/** Labels of the pods that istiod deploys (istio-discovery/files/waypoint.yaml in manifests/charts/istio-control). */
function deployedLabels(mesh: Mesh, gateway: Resource, name: string): StringMap {
  return {
    'sidecar.istio.io/inject': 'false',
    'istio.io/dataplane-mode': 'none',
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': 'latest',
    ...infrastructure(mesh, gateway, 'labels'),
    [gatewayNameLabel]: gateway.name,
    [`${group}/gateway-class-name`]: stringAt(gateway.object, 'spec', 'gatewayClassName') ?? '',
    'gateway.istio.io/managed': 'istio.io-mesh-controller',
  };
}

/** What istiod would deploy, or what the input shows to be deployed. */
function podsOf(
  mesh: Mesh,
  gateway: Resource,
): Pick<Waypoint, 'labels' | 'annotations' | 'serviceAccounts' | 'workload'> {
  const found = mesh.workloadsMatching(mesh.namespaceOf(gateway), { [gatewayNameLabel]: gateway.name });
  const [workload] = found;
  if (workload !== undefined) {
    const accounts = new Set(found.map(({ serviceAccount }) => serviceAccount));
    const { labels, annotations } = workload;
    return { labels, annotations, workload, serviceAccounts: [...accounts].sort(compareText) };
  }
  const info = gatewayClassOf(mesh, gateway);
  const name = info === undefined ? gateway.name : deployedName(gateway, info);
  const own = metadata(gateway, 'annotations');
  return {
    labels: deployedLabels(mesh, gateway, own['gateway.istio.io/name-override'] ?? name),
    annotations: infrastructure(mesh, gateway, 'annotations'),
    workload: undefined,
    serviceAccounts: [own['gateway.istio.io/service-account'] ?? name],
  };
}

function readWaypoint(mesh: Mesh, resource: Resource): Waypoint {
  const namespace = mesh.namespaceOf(resource);
  return {
    key: `${namespace}/${resource.name}`,
    namespace,
    name: resource.name,
    resource,
    ready: isReady(resource),
    trafficType: trafficTypeOf(mesh, resource),
    allowedRoutes: allowedRoutesOf(resource, classOf(mesh, resource)),
    isServed: gatewayClassOf(mesh, resource)?.controller === 'waypoint',
    ...podsOf(mesh, resource),
  };
}

/** Every Gateway of a mesh as a waypoint, by `namespace/name`. */
export const waypointsOf = perMesh(
  (mesh: Mesh): ReadonlyMap<string, Waypoint> =>
    new Map(
      mesh
        .ofKind(group, 'Gateway')
        .filter((gateway) => configurationDiscovery(mesh, mesh.namespaceOf(gateway)) !== 'hidden')
        .map((resource) => readWaypoint(mesh, resource))
        .map((waypoint) => [waypoint.key, waypoint]),
    ),
);
