import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import type { FrontMark, WafProduct } from '#policy/waf/product.js';
import type { Engine } from '#policy/waf/verdict.js';
import type { WafContext } from '#policy/waf/waf-context.js';
import { annotationHit, objectHit, opensAt, stanceOf, valuesAt } from './front-marks.js';
import type { FrontHit } from './front-marks.js';
import { detectsOnly, failsOpen } from './front-gaps.js';

/** Something that the manifests tell to inspect in front of the mesh's proxies. */
export interface Front {
  readonly product: WafProduct;
  readonly mark: FrontMark;
  readonly resource: Resource;
  readonly hit: FrontHit;
  readonly engine: Engine;
}

/** The fronts of a mesh, by what they stand in front of. */
export interface Fronts {
  /** Every annotated object and every policy object of a product. */
  readonly all: readonly Front[];
  /** What annotations of the object itself tell. */
  readonly onObject: (resource: Resource) => readonly Front[];
  /** Policies whose targetRefs name the object. */
  readonly onTarget: (resource: Resource) => readonly Front[];
  /** Policies that a Service's annotation refers to, for one of its ports. */
  readonly onService: (
    service: Service,
    port: { readonly number: number; readonly name: string | undefined },
  ) => readonly Front[];
  /** Parameters of an Ingress's class. */
  readonly onClass: (ingress: Resource) => readonly Front[];
  /** Ingress objects of other kinds that lead to a Service. */
  readonly onUpstream: (service: Service) => readonly Front[];
}

/** Kinds that carry annotations of fronts when a mark does not say. */
const annotated: readonly (readonly [string, string])[] = [
  ['networking.k8s.io', 'Ingress'],
  ['extensions', 'Ingress'],
  ['', 'Service'],
  ['gateway.networking.k8s.io', 'Gateway'],
];

function makeFront(mesh: Mesh, { product, mark }: Marked, hit: FrontHit): Front {
  const { resource } = hit.at;
  const { stance, at, value } = stanceOf(mark, resource);
  const how = at === undefined ? 'nothing tells it to block' : `${String(at.path.at(-1))} is ${value}`;
  const gaps = stance === 'detects' ? [detectsOnly(mesh, product, at ?? hit.at, how)] : [];
  const opens = opensAt(mark, resource).map((each) => failsOpen(mesh, product, each));
  const engine: Engine = { product: product.id, by: [hit.at], gaps: [...gaps, ...opens], missing: [] };
  return { product, mark, resource, hit, engine };
}

interface Marked {
  readonly product: WafProduct;
  readonly mark: FrontMark;
}

function annotatedFronts(mesh: Mesh, marks: readonly Marked[]): readonly Front[] {
  const byAnnotation = marks.filter(({ mark }) => mark.annotation !== undefined);
  if (byAnnotation.length === 0) return [];
  const carriers = annotated
    .flatMap(([group, kind]) => mesh.ofKind(group, kind))
    .filter(({ object }) => objectAt(object, 'metadata', 'annotations') !== undefined);
  return carriers.flatMap((resource) =>
    byAnnotation.flatMap((marked) => {
      const hit = annotationHit(marked.mark, resource);
      return hit === undefined ? [] : [makeFront(mesh, marked, hit)];
    }),
  );
}

/** Objects of the kinds that a mark names; patterns with stars are looked for among all objects. */
function objectsOf(mesh: Mesh, kinds: readonly string[]): readonly Resource[] {
  return kinds.flatMap((kind) => {
    const slash = kind.lastIndexOf('/');
    if (!kind.includes('*')) return mesh.ofKind(kind.slice(0, slash), kind.slice(slash + 1));
    return mesh.resources.filter((resource) => objectHit({ kinds: [kind] }, resource) !== undefined);
  });
}

function objectFronts(mesh: Mesh, marks: readonly Marked[]): readonly Front[] {
  return marks.flatMap((marked) =>
    objectsOf(mesh, marked.mark.kinds ?? []).flatMap((resource) => {
      const hit = objectHit(marked.mark, resource);
      return hit === undefined ? [] : [makeFront(mesh, marked, hit)];
    }),
  );
}

const keyOf = (group: string, kind: string, namespace: string, name: string): string =>
  `${group}/${kind}/${namespace}/${name}`;

/** What the target references of a policy name. */
function targetsOf(mesh: Mesh, { resource }: Front): readonly string[] {
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

function indexBy(
  fronts: readonly Front[],
  keysOf: (front: Front) => readonly string[],
): ReadonlyMap<string, readonly Front[]> {
  const index = new Map<string, Front[]>();
  for (const front of fronts) for (const key of keysOf(front)) getOrMake(index, key, () => []).push(front);
  return index;
}

/** Names that a Service's annotation gives for a port: plain, `{"default": …}` or `{"ports": {"80": …}}`. */
function namesInAnnotation(
  value: JsonValue | undefined,
  port: { readonly number: number; readonly name: string | undefined },
): readonly string[] {
  const byPort = objectAt(value, 'ports') ?? {};
  const own = [port.name, String(port.number)].map((key) =>
    key === undefined ? undefined : valueAt(byPort, [key]),
  );
  const name = own.find((each) => typeof each === 'string') ?? valueAt(value, ['default']);
  return typeof name === 'string' ? [name] : [];
}

function referredFronts(
  mesh: Mesh,
  fronts: readonly Front[],
  {
    service,
    port,
  }: {
    readonly service: Service;
    readonly port: { readonly number: number; readonly name: string | undefined };
  },
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

/** Hosts of the Services that an ingress object of another kind leads to. */
function upstreamsOf(mesh: Mesh, { mark, resource }: Front): readonly string[] {
  const home = mesh.namespaceOf(resource);
  return (mark.upstreams ?? [])
    .flatMap((path) => valuesAt(resource, path))
    .flatMap(({ value }) => {
      if (typeof value !== 'string') return [];
      const [first = '', second] = value.split('/');
      const [namespace, name] = second === undefined ? [home, first] : [first, second];
      if (name.includes('.svc')) return [name];
      return [`${name}.${namespace}.svc.${mesh.settings.domainSuffix}`];
    });
}

/** The class of an Ingress, in the current form and in the one before it. */
function classOf({ object }: Resource): string | undefined {
  const annotations = objectAt(object, 'metadata', 'annotations');
  return stringAt(object, 'spec', 'ingressClassName') ?? stringAt(annotations, 'kubernetes.io/ingress.class');
}

/** The parameters of a class's Ingresses that are fronts. */
function ofClass(mesh: Mesh, fronts: readonly Front[], ingress: Resource): readonly Front[] {
  const name = fronts.length === 0 ? undefined : classOf(ingress);
  if (name === undefined) return [];
  const found = mesh.find('networking.k8s.io', 'IngressClass', undefined, name);
  const parameters = objectAt(found?.object, 'spec', 'parameters');
  const [kind, named] = [stringAt(parameters, 'kind'), stringAt(parameters, 'name')];
  return fronts.filter(({ resource }) => resource.kind === kind && resource.name === named);
}

function buildFronts({ mesh, products }: WafContext): Fronts {
  const marks = products.flatMap((product) => (product.fronts ?? []).map((mark) => ({ product, mark })));
  const byAnnotation = annotatedFronts(mesh, marks);
  const byObject = objectFronts(mesh, marks);
  const covering = (covers: FrontMark['covers']): readonly Front[] =>
    byObject.filter(({ mark }) => mark.covers === covers);
  const onObject = new Map<Resource, Front[]>();
  for (const front of byAnnotation) getOrMake(onObject, front.resource, () => []).push(front);
  const onTarget = indexBy(covering('targets'), (front) => targetsOf(mesh, front));
  const onUpstream = indexBy(covering('upstreams'), (front) => upstreamsOf(mesh, front));
  const referred = covering('referring-services');
  const ofClasses = covering('ingress-class');
  return {
    all: [...byAnnotation, ...byObject],
    onObject: (resource) => onObject.get(resource) ?? [],
    onTarget: (resource) =>
      onTarget.get(keyOf(resource.group, resource.kind, mesh.namespaceOf(resource), resource.name)) ?? [],
    onService: (service, port) =>
      referred.length === 0 ? [] : referredFronts(mesh, referred, { service, port }),
    onClass: (ingress) => ofClass(mesh, ofClasses, ingress),
    onUpstream: ({ host }) => onUpstream.get(host) ?? [],
  };
}

const kept = new WeakMap<WafContext, Fronts>();

/** The fronts of a mesh: cloud WAFs, ingress controllers and custom resources that its manifests show. */
export function frontsOf(context: WafContext): Fronts {
  return getOrMake(kept, context, () => buildFronts(context));
}
