import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';

const gatewayController = 'istio.io/gateway-controller';

/** Controllers of istiod that listeners are generated for; a remote gateway is another cluster's. */
export interface GatewayClassInfo {
  readonly controller: 'gateway' | 'remote' | 'waypoint' | 'east-west';
  readonly supportsListenerSet: boolean;
  /** Whether the class's name is a part of the names of pods, Services and service accounts. */
  readonly suffixesNames: boolean;
}

const gateway: GatewayClassInfo = { controller: 'gateway', supportsListenerSet: true, suffixesNames: true };

/** ClassInfos in pilot/pkg/config/kube/gatewaycommon/classinfo.go; agentgateway's classes are not Envoy's. */
const classes: ReadonlyMap<string, GatewayClassInfo> = new Map([
  ['istio.io/unmanaged-gateway', { controller: 'remote', supportsListenerSet: false, suffixesNames: true }],
  ['istio.io/mesh-controller', { controller: 'waypoint', supportsListenerSet: false, suffixesNames: false }],
  [
    'istio.io/eastwest-controller',
    { controller: 'east-west', supportsListenerSet: false, suffixesNames: false },
  ],
]);

const builtIn: ReadonlyMap<string, string> = new Map([
  ['istio-remote', 'istio.io/unmanaged-gateway'],
  ['istio-waypoint', 'istio.io/mesh-controller'],
  ['istio-east-west', 'istio.io/eastwest-controller'],
]);

function setting(mesh: Mesh, name: string, byDefault: string): string {
  const { env } = mesh.settings;
  return (Object.hasOwn(env, name) ? env[name] : undefined) ?? byDefault;
}

/**
 * The class of a Kubernetes Gateway as istiod knows it, undefined for other controllers' classes. A GatewayClass object
 * counts only with a controller of istiod's; without one, the built-in classes stand by their names
 * (FetchGatewayClass in pilot/pkg/config/kube/gatewaycommon/gatewayclass_collection.go).
 */
export function gatewayClassOf(mesh: Mesh, resource: Resource): GatewayClassInfo | undefined {
  const name = stringAt(resource.object, 'spec', 'gatewayClassName') ?? '';
  const own = setting(mesh, 'PILOT_GATEWAY_API_CONTROLLER_NAME', gatewayController);
  const infoOf = (controller: string): GatewayClassInfo | undefined =>
    controller === own ? gateway : classes.get(controller);
  const object = mesh.find('gateway.networking.k8s.io', 'GatewayClass', undefined, name)?.object;
  const found = infoOf(stringAt(object, 'spec', 'controllerName') ?? '');
  if (found !== undefined) return found;
  if (name === setting(mesh, 'PILOT_GATEWAY_API_DEFAULT_GATEWAYCLASS_NAME', 'istio')) return gateway;
  return infoOf(builtIn.get(name) ?? '');
}

/** True when istiod deploys the pods of a Gateway: unless its one address is a host name (IsManaged in gatewaycommon/gateway_utils.go). */
export function isManaged(mesh: Mesh, resource: Resource): boolean {
  if (!istiodFlag(mesh, 'ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT', true)) return true;
  const addresses = listAt(resource.object, 'spec', 'addresses');
  const [first] = addresses;
  if (first === undefined) return true;
  return addresses.length === 1 && (stringAt(first, 'type') ?? 'IPAddress') === 'IPAddress';
}

/** Name of the Deployment and Service that istiod makes for a Gateway (GetDefaultName in gatewaycommon/gateway_utils.go). */
export function deployedName(resource: Resource, { suffixesNames }: GatewayClassInfo): string {
  return suffixesNames
    ? `${resource.name}-${stringAt(resource.object, 'spec', 'gatewayClassName') ?? ''}`
    : resource.name;
}
