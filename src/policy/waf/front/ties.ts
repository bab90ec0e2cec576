import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import { containsAll, stringMap } from '#mesh/string-map.js';
import { fitsSome } from '#policy/waf/glob.js';
import { valuesAt } from './front-marks.js';
import type { Front } from './make-front.js';
import { namedBy } from './references.js';

/** A key for an object, by which others name it. */
export function keyOf(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** What the target references of a policy name. */
export function targetsOf(mesh: Mesh, { resource }: Front): readonly string[] {
  const { object } = resource;
  const refs = [
    objectAt(object, 'spec', 'targetRef'),
    ...listAt(object, 'spec', 'targetRefs'),
    objectAt(object, 'spec', 'target'),
  ];
  return refs.flatMap((ref) => {
    const name = stringAt(ref, 'name');
    if (name === undefined) return [];
    const kind = stringAt(ref, 'kind') ?? stringAt(ref, 'type') ?? 'Gateway';
    const byKind = kind === 'Service' ? '' : 'gateway.networking.k8s.io';
    const group = stringAt(ref, 'group') ?? byKind;
    return [keyOf(group, kind, stringAt(ref, 'namespace') ?? mesh.namespaceOf(resource), name)];
  });
}

/** The listeners that a policy is limited to; empty: all of its target's. */
export function sectionsOf({ resource: { object } }: Front): readonly string[] {
  return [objectAt(object, 'spec', 'targetRef'), ...listAt(object, 'spec', 'targetRefs')].flatMap((ref) => [
    ...stringsAt(ref, 'sectionNames'),
    ...[stringAt(ref, 'sectionName')].filter((one) => one !== undefined),
  ]);
}

interface PortName {
  readonly number: number;
  readonly name: string | undefined;
}

/** Names that a Service's annotation gives for a port: plain, `{"default": …}` or `{"ports": {"80": …}}`. */
function namesInAnnotation(value: JsonValue | undefined, port: PortName): readonly string[] {
  const byPort = objectAt(value, 'ports') ?? {};
  const own = [port.name, String(port.number)].map((key) =>
    key === undefined ? undefined : valueAt(byPort, [key]),
  );
  const name = own.find((each) => typeof each === 'string') ?? valueAt(value, ['default']);
  return typeof name === 'string' ? [name] : [];
}

/** Those of some policies that a Service's annotations name for one of its ports. */
export function referredBy(
  mesh: Mesh,
  fronts: readonly Front[],
  { service, port }: { readonly service: Service; readonly port: PortName },
): readonly Front[] {
  const annotations = objectAt(service.resource.object, 'metadata', 'annotations') ?? {};
  return fronts.filter(({ mark, resource }) =>
    (mark.referredBy ?? []).some((key) => {
      const text = stringAt(annotations, key);
      if (text === undefined || mesh.namespaceOf(resource) !== service.namespace) return false;
      const names = text.trimStart().startsWith('{') ? namesInAnnotation(mesh.parseYaml(text), port) : [text];
      return names.includes(resource.name);
    }),
  );
}

/** The Service that Gloo's discovery names an Upstream for: `namespace-service-port`. */
function discovered(mesh: Mesh, name: string): string | undefined {
  const found = mesh.services.find((service) =>
    service.ports.some(({ number }) => name === `${service.namespace}-${service.name}-${String(number)}`),
  );
  return found?.host;
}

/** Hosts of the Services that an ingress object of another kind leads to. */
export function upstreamsOf(mesh: Mesh, { mark, resource }: Front): readonly string[] {
  const home = mesh.namespaceOf(resource);
  return (mark.upstreams ?? [])
    .flatMap((path) => valuesAt(resource, path))
    .flatMap(({ value }) => {
      const named = namedBy(value);
      if (named === undefined) return [];
      const { name, namespace = home } = named;
      if (name.includes('.svc')) return [name];
      const upstream = mesh.find('gloo.solo.io', 'Upstream', namespace, name);
      const kube = objectAt(upstream?.object, 'spec', 'kube');
      const [service, own] = [stringAt(kube, 'serviceName'), stringAt(kube, 'serviceNamespace')];
      const host = `${service ?? name}.${own ?? namespace}.svc.${mesh.settings.domainSuffix}`;
      return [mesh.serviceByHost(host)?.host ?? discovered(mesh, name) ?? host];
    });
}

/** The class of an Ingress, in the current form and in the one before it. */
function classOf({ object }: Resource): string | undefined {
  const annotations = objectAt(object, 'metadata', 'annotations');
  return stringAt(object, 'spec', 'ingressClassName') ?? stringAt(annotations, 'kubernetes.io/ingress.class');
}

/** The parameters of a class's Ingresses that are fronts. */
export function ofClass(mesh: Mesh, fronts: readonly Front[], ingress: Resource): readonly Front[] {
  const name = fronts.length === 0 ? undefined : classOf(ingress);
  if (name === undefined) return [];
  const found = mesh.find('networking.k8s.io', 'IngressClass', undefined, name);
  const parameters = objectAt(found?.object, 'spec', 'parameters');
  const [kind, named] = [stringAt(parameters, 'kind'), stringAt(parameters, 'name')];
  return fronts.filter(({ resource }) => resource.kind === kind && resource.name === named);
}

const offValues: ReadonlySet<string> = new Set(['false', 'off', 'no', 'none', 'disabled']);

/** Those of some fronts that stand before every Ingress of a class, unless an annotation takes it out. */
export function ofClassNames(fronts: readonly Front[], ingress: Resource): readonly Front[] {
  const name = fronts.length === 0 ? undefined : classOf(ingress);
  const annotations = objectAt(ingress.object, 'metadata', 'annotations');
  return fronts.filter(({ mark: { classes = [], unless } }) => {
    const said = unless === undefined ? undefined : stringAt(annotations, unless)?.toLowerCase();
    return fitsSome(classes, name) && !offValues.has(said ?? '');
  });
}

/** Parameters of a Gateway of another controller, or of its class (`parametersRef` of the Gateway API). */
export function parametersOf(mesh: Mesh, gateway: Resource): readonly string[] {
  if (gateway.kind !== 'Gateway') return [];
  const name = stringAt(gateway.object, 'spec', 'gatewayClassName') ?? '';
  const gatewayClass = mesh.find('gateway.networking.k8s.io', 'GatewayClass', undefined, name);
  // Load balancers of the fourth layer have no firewall of the seventh.
  if (stringAt(gatewayClass?.object, 'spec', 'controllerName')?.endsWith('/nlb') === true) return [];
  const own = objectAt(gateway.object, 'spec', 'infrastructure', 'parametersRef');
  const refs = [own, objectAt(gatewayClass?.object, 'spec', 'parametersRef')];
  return refs.flatMap((ref) => {
    const [group = '', kind, named] = [stringAt(ref, 'group'), stringAt(ref, 'kind'), stringAt(ref, 'name')];
    const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(gateway);
    return kind === undefined || named === undefined ? [] : [keyOf(group, kind, namespace, named)];
  });
}

/** Those of some fronts that select a workload's pods. */
export function selectingFronts(
  mesh: Mesh,
  fronts: readonly Front[],
  { labels, namespace }: Workload,
): readonly Front[] {
  return fronts.filter(({ mark: { pods }, resource }) => {
    if (pods === undefined) return false;
    const wanted = stringMap(objectAt(resource.object, ...pods.labels.split('.')));
    const told =
      pods.namespace === undefined ? undefined : stringAt(resource.object, ...pods.namespace.split('.'));
    const isHome = namespace === (told ?? mesh.namespaceOf(resource));
    return isHome && Object.keys(wanted).length > 0 && containsAll(labels, wanted);
  });
}

/** The Ingresses that a front names. */
export function ingressesOf(mesh: Mesh, { mark, resource }: Front): readonly string[] {
  const values = mark.ingresses === undefined ? [] : valuesAt(resource, mark.ingresses);
  return values.flatMap(({ value }) => {
    const named = namedBy(value);
    if (named === undefined) return [];
    return [`${named.namespace ?? mesh.namespaceOf(resource)}/${named.name}`];
  });
}
