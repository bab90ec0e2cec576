import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { servingApiGateway } from './gateway-workloads.js';
import { redirectsOnly } from './redirecting-routes.js';
import { minimumTls } from './minimum-tls.js';
import type { GatewayServer } from './policies.js';

type ServerTls = GatewayServer['tls'];

/** Classes that istiod serves whatever a GatewayClass object says; a waypoint's listener is no door for clients. */
const builtInClasses: ReadonlySet<string> = new Set(['istio', 'istio-remote', 'istio-east-west']);
const controllers: ReadonlySet<string> = new Set([
  'istio.io/gateway-controller',
  'istio.io/unmanaged-gateway',
  'istio.io/eastwest-controller',
]);
const protocols: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP']);
const terminateModes: ReadonlyMap<string, ServerTls> = new Map([
  ['MUTUAL', 'MUTUAL'],
  ['OPTIONAL_MUTUAL', 'OPTIONAL_MUTUAL'],
  ['ISTIO_SIMPLE', 'SIMPLE'],
  ['ISTIO_MUTUAL', 'ISTIO_MUTUAL'],
]);

function isServed(mesh: Mesh, gateway: Resource): boolean {
  const name = stringAt(gateway.object, 'spec', 'gatewayClassName') ?? '';
  if (builtInClasses.has(name)) return true;
  const found = mesh.find('gateway.networking.k8s.io', 'GatewayClass', undefined, name);
  return controllers.has(stringAt(found?.object, 'spec', 'controllerName') ?? '');
}

/** True for listeners that pass on by SNI to any service (IsAutoPassthrough in pilot/pkg/serviceregistry/kube/conversion.go). */
function passesOnAll(gateway: Resource, listener: JsonObject, port: number): boolean {
  const mode = stringAt(listener, 'tls', 'options', 'gateway.istio.io/listener-protocol');
  if (mode === 'auto-passthrough') return true;
  const labels = objectAt(gateway.object, 'metadata', 'labels') ?? {};
  if (!Object.hasOwn(labels, 'topology.istio.io/network')) return false;
  const ownPort = Object.hasOwn(labels, 'networking.istio.io/gatewayPort')
    ? labels['networking.istio.io/gatewayPort']
    : '15443';
  return String(port) === ownPort;
}

/** `spec.tls.frontend` for a port: the entry of the port is taken whole, else the default. */
function frontendMode(gateway: Resource, port: number): ServerTls | undefined {
  const frontend = objectAt(gateway.object, 'spec', 'tls', 'frontend');
  const entry = listAt(frontend, 'perPort').find((one) => valueAt(one, ['port']) === port);
  const validation = isObject(entry)
    ? objectAt(entry, 'tls', 'validation')
    : objectAt(frontend, 'default', 'validation');
  if (listAt(validation, 'caCertificateRefs').length === 0) return undefined;
  return stringAt(validation, 'mode') === 'AllowInsecureFallback' ? 'OPTIONAL_MUTUAL' : 'MUTUAL';
}

/** pilot/pkg/config/kube/gateway/conversion.go, buildTLS. */
function tlsOf(gateway: Resource, listener: JsonObject, port: number): ServerTls {
  const tls = objectAt(listener, 'tls');
  if (tls === undefined) return 'PLAINTEXT';
  if (stringAt(tls, 'mode') === 'Passthrough')
    return passesOnAll(gateway, listener, port) ? 'AUTO_PASSTHROUGH' : 'PASSTHROUGH';
  const option = terminateModes.get(stringAt(tls, 'options', 'gateway.istio.io/tls-terminate-mode') ?? '');
  return option ?? frontendMode(gateway, port) ?? 'SIMPLE';
}

interface Place {
  readonly mesh: Mesh;
  readonly gateway: Resource;
  readonly workloads: readonly Workload[];
}

function serverOf(
  { mesh, gateway, workloads }: Place,
  value: JsonValue,
  path: FieldPath,
): GatewayServer | undefined {
  const protocol = stringAt(value, 'protocol') ?? '';
  const port = valueAt(value, ['port']);
  if (!isObject(value) || typeof port !== 'number' || !protocols.has(protocol)) return undefined;
  // Without a tls section istiod makes no server for these.
  const needsTls = protocol === 'HTTPS' || protocol === 'TLS';
  if (needsTls && objectAt(value, 'tls') === undefined) return undefined;
  const written = protocol === 'HTTP' ? 'PLAINTEXT' : tlsOf(gateway, value, port);
  const redirects =
    protocol === 'HTTP' && redirectsOnly(mesh, gateway, { name: stringAt(value, 'name') ?? '', port });
  const tls = redirects ? 'REDIRECT' : written;
  const hosts = [stringAt(value, 'hostname') ?? '*'];
  const minTls = minimumTls(mesh, tls, undefined);
  return {
    resource: gateway,
    at: { resource: gateway, path },
    api: 'gateway-api',
    port,
    protocol,
    hosts,
    tls,
    minTls,
    workloads,
  };
}

/** The listeners of the Gateways of the Gateway API that istiod serves (pilot/pkg/config/kube/gateway/conversion.go). */
export function gatewayApiServers(mesh: Mesh, routers: readonly Workload[]): readonly GatewayServer[] {
  return mesh
    .ofKind('gateway.networking.k8s.io', 'Gateway')
    .filter((gateway) => isServed(mesh, gateway))
    .flatMap((gateway) => {
      const addresses = listAt(gateway.object, 'spec', 'addresses').flatMap(
        (address) => stringAt(address, 'value') ?? [],
      );
      const workloads = servingApiGateway(mesh, gateway, { routers, addresses });
      const servers = listAt(gateway.object, 'spec', 'listeners').map((listener, index) =>
        serverOf({ mesh, gateway, workloads }, listener, ['spec', 'listeners', index]),
      );
      return servers.filter((server) => server !== undefined);
    });
}
