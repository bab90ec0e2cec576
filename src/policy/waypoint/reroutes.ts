import type { Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { CalledService } from './called-service.js';
import type { Waypoint } from './waypoint.js';

const routeKinds = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'];

function isParent(mesh: Mesh, route: Resource, { served }: CalledService): boolean {
  return listAt(route.object, 'spec', 'parentRefs').some((ref) => {
    const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(route);
    const named = stringAt(ref, 'name') === served.name && namespace === served.namespace;
    return named && stringAt(ref, 'kind') === served.kind;
  });
}

function names(mesh: Mesh, written: string, namespace: string, host: string): boolean {
  if (written.startsWith('*')) return host.endsWith(written.slice(1));
  return written === host || `${written}.${namespace}.svc.${mesh.settings.domainSuffix}` === host;
}

/** A route in the namespace of the Service or of the waypoint may name its host (getVirtualServiceForWaypoint in listener_waypoint.go). */
function routesHost(mesh: Mesh, rule: Resource, called: CalledService): boolean {
  const gateways = stringsAt(rule.object, 'spec', 'gateways');
  if (gateways.length > 0 && !gateways.includes('mesh')) return false;
  const namespace = mesh.namespaceOf(rule);
  return stringsAt(rule.object, 'spec', 'hosts').some((host) => names(mesh, host, namespace, called.host));
}

function find(mesh: Mesh, waypoint: Waypoint, called: CalledService): readonly MissingEvidence[] {
  const ofApi = routeKinds
    .flatMap((kind) => mesh.ofKind('gateway.networking.k8s.io', kind))
    .filter((route) => isParent(mesh, route, called));
  const ofIstio = [...new Set([waypoint.namespace, called.served.namespace])]
    .flatMap((namespace) => mesh.inNamespace('networking.istio.io', 'VirtualService', namespace))
    .filter((rule) => routesHost(mesh, rule, called));
  return [...ofApi, ...ofIstio].map((route) => ({
    key: 'waypoint-routes',
    text: `where ${route.kind} ${mesh.namespaceOf(route)}/${route.name} has the waypoint send requests`,
  }));
}

const found = new WeakMap<Waypoint, WeakMap<CalledService, readonly MissingEvidence[]>>();

/** Routes that may have a waypoint send what is meant for a Service elsewhere: where to is not worked out. */
export function reroutes(mesh: Mesh, waypoint: Waypoint, called: CalledService): readonly MissingEvidence[] {
  const known = getOrMake(found, waypoint, () => new WeakMap<CalledService, readonly MissingEvidence[]>());
  return getOrMake(known, called, () => find(mesh, waypoint, called));
}
