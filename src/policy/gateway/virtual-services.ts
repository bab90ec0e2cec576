import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { BoundRoutes } from './bound-routes.js';
import { delegatedRules } from './delegate-routes.js';
import { exportSet } from './export-to.js';
import { gatewayId } from './gateway-id.js';
import { completeHost } from './host-name.js';
import { numberAt, readDestinations } from './read-destination.js';
import type { Reader } from './read-destination.js';
import { readHttpRule } from './read-http-rule.js';
import type { HttpRule, StreamMatch, StreamRule } from './route.js';

const group = 'networking.istio.io';

function readerOf(mesh: Mesh, resource: Resource): Reader {
  return { mesh, resource, namespace: mesh.namespaceOf(resource) };
}

function ruleRefs(resource: Resource, list: 'http' | 'tcp' | 'tls'): readonly FieldRef[] {
  return listAt(resource.object, 'spec', list).map((_, index) => ({ resource, path: ['spec', list, index] }));
}

function readStreamMatch(reader: Reader, at: FieldRef): StreamMatch {
  const { object } = reader.resource;
  return {
    at,
    port: numberAt(at, ['port'], 0),
    gateways: stringsAt(object, ...at.path, 'gateways').map((name) => gatewayId(name, reader.namespace)),
    sniHosts: stringsAt(object, ...at.path, 'sniHosts'),
  };
}

function readStreamRule(reader: Reader, at: FieldRef): StreamRule {
  const matches = listAt(reader.resource.object, ...at.path, 'match').map((_, index) =>
    readStreamMatch(reader, { resource: reader.resource, path: [...at.path, 'match', index] }),
  );
  return { at, matches, destinations: readDestinations(reader, at) };
}

function exportOf(mesh: Mesh, resource: Resource): ReadonlySet<string> {
  const namespace = mesh.namespaceOf(resource);
  const setting = 'defaultVirtualServiceExportTo';
  return exportSet(mesh, stringsAt(resource.object, 'spec', 'exportTo'), { namespace, setting });
}

/** The VirtualService that a rule hands over to; one with hosts can be no delegate. */
function findDelegate(mesh: Mesh, root: Resource, at: FieldRef): Resource | undefined {
  const home = mesh.namespaceOf(root);
  const place = stringAt(root.object, ...at.path, 'delegate', 'namespace') ?? '';
  const name = stringAt(root.object, ...at.path, 'delegate', 'name') ?? '';
  const found = mesh.find(group, 'VirtualService', place === '' ? home : place, name);
  if (found === undefined || listAt(found.object, 'spec', 'hosts').length > 0) return undefined;
  const seenBy = exportOf(mesh, found);
  return seenBy.has('*') || seenBy.has(home) ? found : undefined;
}

function httpRules(mesh: Mesh, resource: Resource): readonly HttpRule[] {
  const reader = readerOf(mesh, resource);
  return ruleRefs(resource, 'http').flatMap((at) => {
    const rule = readHttpRule(reader, at);
    if (objectAt(resource.object, ...at.path, 'delegate') === undefined) return [rule];
    const delegate = findDelegate(mesh, resource, at);
    if (delegate === undefined) return [];
    const inner = readerOf(mesh, delegate);
    return delegatedRules(
      rule,
      ruleRefs(delegate, 'http').map((each) => readHttpRule(inner, each)),
    );
  });
}

function readVirtualService(mesh: Mesh, resource: Resource): BoundRoutes | undefined {
  const reader = readerOf(mesh, resource);
  const { namespace } = reader;
  const hosts = stringsAt(resource.object, 'spec', 'hosts');
  if (hosts.length === 0) return undefined;
  const gateways = stringsAt(resource.object, 'spec', 'gateways');
  return {
    name: resource.name,
    namespace,
    resource,
    hosts: hosts.map((host) => completeHost(host, namespace, mesh.settings.domainSuffix)),
    gateways: gateways.length === 0 ? ['mesh'] : gateways.map((name) => gatewayId(name, namespace)),
    exportTo: exportOf(mesh, resource),
    semantics: 'istio',
    fromTlsRoute: false,
    http: httpRules(mesh, resource),
    tcp: ruleRefs(resource, 'tcp').map((at) => readStreamRule(reader, at)),
    tls: ruleRefs(resource, 'tls').map((at) => readStreamRule(reader, at)),
  };
}

/** The VirtualServices of a mesh with their delegates put in (pilot/pkg/model/virtualservice_controller.go). */
export function virtualServices(mesh: Mesh): readonly BoundRoutes[] {
  const read = mesh.ofKind(group, 'VirtualService').map((resource) => readVirtualService(mesh, resource));
  return read.filter((routes) => routes !== undefined);
}
