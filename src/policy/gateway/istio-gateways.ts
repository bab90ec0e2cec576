import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { parseProtocol } from '#mesh/service-port-protocol.js';
import { stringMap } from '#mesh/string-map.js';
import { splitNamespace } from './host-name.js';
import { perMesh } from './per-mesh.js';
import type { GatewayConfig, Server, ServerTls, ServerTlsMode } from './server.js';

const modes: ReadonlySet<string> = new Set([
  'SIMPLE',
  'MUTUAL',
  'OPTIONAL_MUTUAL',
  'ISTIO_MUTUAL',
  'PASSTHROUGH',
  'AUTO_PASSTHROUGH',
]);

function isMode(mode: string): mode is ServerTlsMode {
  return modes.has(mode);
}

/** A block without mode means PASSTHROUGH, the enum's zero value (api networking/v1alpha3/gateway.proto). */
function readTls(tls: JsonObject | undefined): ServerTls | undefined {
  if (tls === undefined) return undefined;
  const mode = stringAt(tls, 'mode') ?? '';
  const names = stringsAt(tls, 'credentialNames');
  const single = stringAt(tls, 'credentialName') ?? '';
  const ca = stringAt(tls, 'caCertCredentialName') ?? '';
  return {
    mode: isMode(mode) ? mode : 'PASSTHROUGH',
    httpsRedirect: tls['httpsRedirect'] === true,
    credentials: names.length > 0 || single === '' ? names : [single],
    caCredential: ca === '' ? undefined : ca,
    subjectAltNames: stringsAt(tls, 'subjectAltNames'),
    insecureSkipVerify: tls['insecureSkipVerify'] === true,
  };
}

/** A host for the gateway's own namespace (`.`) gets its name, one for any loses the prefix (sanitizeServerHostNamespace in pilot/pkg/model/gateway.go). */
function readHosts(hosts: readonly string[], namespace: string): readonly string[] {
  if (hosts.includes('*/*')) return ['*'];
  return hosts.map((host) => {
    const { namespace: written, name } = splitNamespace(host);
    if (written === '*') return name;
    return written === '.' ? `${namespace}/${name}` : host;
  });
}

function readServer(value: JsonValue, at: FieldRef, namespace: string): Server | undefined {
  const port = valueAt(value, ['port', 'number']);
  if (!isObject(value) || typeof port !== 'number') return undefined;
  return {
    at,
    port,
    portName: stringAt(value, 'port', 'name') ?? '',
    protocol: parseProtocol(stringAt(value, 'port', 'protocol') ?? '') ?? 'auto',
    hosts: readHosts(stringsAt(value, 'hosts'), namespace),
    bind: stringAt(value, 'bind') ?? '',
    tls: readTls(objectAt(value, 'tls')),
  };
}

function readGateway(resource: Resource, namespace: string): GatewayConfig {
  const path = (index: number): FieldPath => ['spec', 'servers', index];
  const servers = listAt(resource.object, 'spec', 'servers').map((server, index) =>
    readServer(server, { resource, path: path(index) }, namespace),
  );
  return {
    id: `${namespace}/${resource.name}`,
    name: resource.name,
    namespace,
    resource,
    api: 'istio',
    binding: { by: 'labels', selector: stringMap(objectAt(resource.object, 'spec', 'selector')) },
    serviceAccount: undefined,
    fromListenerSet: false,
    servers: servers.filter((server) => server !== undefined),
  };
}

/** The Istio Gateways of a mesh; an empty selector selects every router. */
export const istioGateways = perMesh((mesh: Mesh): readonly GatewayConfig[] =>
  mesh
    .ofKind('networking.istio.io', 'Gateway')
    .map((resource) => readGateway(resource, mesh.namespaceOf(resource))),
);
