import type { Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';

interface Listener {
  readonly name: string;
  readonly port: number;
}

interface Attachment {
  readonly route: Resource;
  readonly parent: JsonValue;
}

const group = 'gateway.networking.k8s.io';

const attachmentsOfMesh = new WeakMap<Mesh, ReadonlyMap<string, readonly Attachment[]>>();

/** Routes by the Gateway (`namespace/name`) that they name as parent. */
function attachments(mesh: Mesh): ReadonlyMap<string, readonly Attachment[]> {
  return getOrMake(attachmentsOfMesh, mesh, () => indexAttachments(mesh));
}

function indexAttachments(mesh: Mesh): ReadonlyMap<string, readonly Attachment[]> {
  const index = new Map<string, Attachment[]>();
  const routes = [...mesh.ofKind(group, 'HTTPRoute'), ...mesh.ofKind(group, 'GRPCRoute')];
  for (const route of routes) {
    for (const parent of listAt(route.object, 'spec', 'parentRefs')) {
      if ((stringAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') continue;
      const namespace = stringAt(parent, 'namespace') ?? mesh.namespaceOf(route);
      getOrMake(index, `${namespace}/${stringAt(parent, 'name') ?? ''}`, () => []).push({ route, parent });
    }
  }
  return index;
}

function concerns(parent: JsonValue, listener: Listener): boolean {
  const section = stringAt(parent, 'sectionName');
  const port = valueAt(parent, ['port']);
  return (
    (section === undefined || section === listener.name) && (port === undefined || port === listener.port)
  );
}

function redirects(rule: JsonValue): boolean {
  return listAt(rule, 'filters').some(
    (filter) =>
      stringAt(filter, 'type') === 'RequestRedirect' &&
      stringAt(filter, 'requestRedirect', 'scheme') === 'https',
  );
}

/**
 * True when the input has routes for an HTTP listener and all they do is send clients to https: what `httpsRedirect`
 * is in an Istio Gateway. Routes that allowedRoutes would refuse count as well; they can only make this false.
 */
export function redirectsOnly(mesh: Mesh, gateway: Resource, listener: Listener): boolean {
  const all = attachments(mesh).get(`${mesh.namespaceOf(gateway)}/${gateway.name}`) ?? [];
  const routes = all.filter(({ parent }) => concerns(parent, listener)).map(({ route }) => route);
  const rules = routes.map(({ object }) => listAt(object, 'spec', 'rules'));
  return routes.length > 0 && rules.every((of) => of.length > 0 && of.every(redirects));
}
