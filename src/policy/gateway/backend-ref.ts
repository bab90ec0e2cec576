import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { isGranted } from './reference-grants.js';
import type { RouteDestination } from './route.js';

interface BackendPlace {
  readonly mesh: Mesh;
  readonly route: Resource;
  readonly at: FieldRef;
}

function isAdmitted({ mesh, route }: BackendPlace, ref: JsonValue): boolean {
  const own = mesh.namespaceOf(route);
  const namespace = stringAt(ref, 'namespace') ?? own;
  if (namespace === own) return true;
  const to = {
    group: stringAt(ref, 'group') ?? '',
    kind: stringAt(ref, 'kind') ?? 'Service',
    namespace,
    name: stringAt(ref, 'name') ?? '',
  };
  return isGranted(mesh, { from: { kind: route.kind, namespace: own }, to });
}

/** Groups of the kinds that stand for a Service. */
const serviceKinds: ReadonlyMap<string, readonly string[]> = new Map([
  ['Service', ['', 'core']],
  ['ServiceImport', ['multicluster.x-k8s.io']],
]);

/** Host of a backend; empty for kinds that istiod does not route to; undefined makes the whole route invalid. */
function hostOf({ mesh, route }: BackendPlace, ref: JsonValue): string | undefined {
  const kind = stringAt(ref, 'kind') ?? 'Service';
  const group = stringAt(ref, 'group') ?? '';
  const name = stringAt(ref, 'name') ?? '';
  const namespace = stringAt(ref, 'namespace');
  if (serviceKinds.get(kind)?.includes(group) === true) {
    const isHost = kind === 'Service' && name.includes('.');
    const home = namespace ?? mesh.namespaceOf(route);
    return isHost ? undefined : `${name}.${home}.svc.${mesh.settings.domainSuffix}`;
  }
  if (kind === 'Hostname' && group === 'networking.istio.io')
    return namespace === undefined ? name : undefined;
  return '';
}

function weightOf(ref: JsonValue): number {
  const weight = valueAt(ref, ['weight']);
  return typeof weight === 'number' ? weight : 1;
}

/** One backend (buildDestination in pilot/pkg/config/kube/gateway/conversion.go). */
function destination(place: BackendPlace, ref: JsonValue): RouteDestination | undefined {
  const { at } = place;
  const nowhere = { host: '', port: undefined, subset: '', weight: weightOf(ref), at };
  if (!isAdmitted(place, ref)) return nowhere;
  const host = hostOf(place, ref);
  if (host === undefined) return undefined;
  if (host === '') return nowhere;
  const port = valueAt(ref, ['port']);
  return typeof port === 'number' ? { ...nowhere, host, port } : undefined;
}

/** The backends of a rule with a weight. `invalid`: one of them spoils the whole route. `none`: nothing has a weight. */
export function backends(
  mesh: Mesh,
  route: Resource,
  rule: FieldRef,
): readonly RouteDestination[] | 'invalid' | 'none' {
  const weighted = listAt(route.object, ...rule.path, 'backendRefs').flatMap((ref, index) => {
    if (weightOf(ref) === 0) return [];
    const at = { resource: route, path: [...rule.path, 'backendRefs', index] };
    return [destination({ mesh, route, at }, ref)];
  });
  const found = weighted.filter((each) => each !== undefined);
  if (weighted.length === 0) return 'none';
  return found.length === weighted.length ? found : 'invalid';
}
