import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { gatewayClassOf } from '#policy/gateway/gateway-class.js';
import type { IngressWay } from '#policy/gateway/ingress-exposures.js';
import { perMesh } from '#policy/gateway/per-mesh.js';

const group = 'gateway.networking.k8s.io';

/** Classes of cloud providers whose GatewayClass the provider makes, so that manifests seldom hold it. */
const providers = /^(?:gke-l7-|azure-alb-|aws-alb|aws-nlb)/;

/** Load balancers that stay inside of the provider's network. */
const internal = /rilb|internal/;

/** True for Gateways that another controller than Istio's serves for clients outside of the cluster. */
function isForeign(mesh: Mesh, gateway: Resource): boolean {
  const name = stringAt(gateway.object, 'spec', 'gatewayClassName') ?? '';
  if (internal.test(name) || gatewayClassOf(mesh, gateway) !== undefined) return false;
  return providers.test(name) || mesh.find(group, 'GatewayClass', undefined, name) !== undefined;
}

function parentOf(mesh: Mesh, route: Resource, ref: JsonValue): Resource | undefined {
  const name = stringAt(ref, 'name');
  if (name === undefined || (stringAt(ref, 'kind') ?? 'Gateway') !== 'Gateway') return undefined;
  const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(route);
  const found = mesh.find(group, 'Gateway', namespace, name);
  return found !== undefined && isForeign(mesh, found) ? found : undefined;
}

function pathOf(rule: JsonValue): string | undefined {
  const [match] = listAt(rule, 'matches');
  const value = stringAt(match, 'path', 'value') ?? '/';
  if (stringAt(match, 'path', 'type') === 'Exact') return value;
  return value === '/' ? undefined : `${value}…`;
}

interface Backend {
  readonly at: FieldRef;
  readonly path: string | undefined;
  readonly ref: JsonValue;
}

function backendsOf(route: Resource): readonly Backend[] {
  return listAt(route.object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'backendRefs')
      .filter((ref) => isObject(ref) && (stringAt(ref, 'kind') ?? 'Service') === 'Service')
      .map((ref) => ({
        at: { resource: route, path: ['spec', 'rules', index] },
        path: pathOf(rule),
        ref,
      })),
  );
}

function waysOf(mesh: Mesh, route: Resource): readonly IngressWay[] {
  const parents = listAt(route.object, 'spec', 'parentRefs').flatMap(
    (ref) => parentOf(mesh, route, ref) ?? [],
  );
  if (parents.length === 0) return [];
  const written = stringsAt(route.object, 'spec', 'hostnames');
  const hosts = written.length === 0 ? ['*'] : written;
  return parents.flatMap((ingress) =>
    backendsOf(route).flatMap(({ at, path, ref }) => {
      const serviceName = stringAt(ref, 'name') ?? '';
      const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(route);
      const service = mesh.serviceByHost(`${serviceName}.${namespace}.svc.${mesh.settings.domainSuffix}`);
      const number = valueAt(ref, ['port']);
      const port = typeof number === 'number' ? number : undefined;
      return hosts.map((host) => ({ ingress, host, path, at, serviceName, service, port }));
    }),
  );
}

/** Ways by Gateways of the Gateway API that other controllers than Istio's serve, in front of the mesh. */
export const foreignGatewayWays = perMesh((mesh: Mesh): readonly IngressWay[] =>
  mesh.ofKind(group, 'HTTPRoute').flatMap((route) => waysOf(mesh, route)),
);
