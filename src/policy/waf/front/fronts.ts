import type { Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import type { FrontMark } from '#policy/waf/product.js';
import type { WafContext } from '#policy/waf/waf-context.js';
import { objectHit } from './front-marks.js';
import { frontByAnnotation, frontByKind } from './make-front.js';
import type { Front, Marked } from './make-front.js';
import {
  ingressesOf,
  keyOf,
  ofClass,
  ofClassNames,
  parametersOf,
  referredBy,
  selectingFronts,
  targetsOf,
  upstreamsOf,
} from './ties.js';

/** The fronts of a mesh, by what they stand in front of. */
export interface Fronts {
  /** Every annotated object and every policy object of a product. */
  readonly all: readonly Front[];
  /** What annotations of the object itself tell, or of another that belongs together with it. */
  readonly onObject: (resource: Resource) => readonly Front[];
  /** Policies whose targetRefs name the object. */
  readonly onTarget: (resource: Resource) => readonly Front[];
  /** Policies that a Service's annotation refers to, for one of its ports. */
  readonly onService: (
    service: Service,
    port: { readonly number: number; readonly name: string | undefined },
  ) => readonly Front[];
  /** Parameters of an Ingress's class or of a Gateway, and what stands before all Ingresses of a class or names this one. */
  readonly onClass: (ingress: Resource) => readonly Front[];
  /** Ingress objects of other kinds that lead to a Service. */
  readonly onUpstream: (service: Service) => readonly Front[];
  /** Objects that select the gateway's pods. */
  readonly onPods: (workload: Workload) => readonly Front[];
  /** Objects that tell the mode of a product's engines in the mesh, by the product's id. */
  readonly ofEngines: (product: string) => readonly Front[];
  /** Objects of which the manifests do not show what they guard. */
  readonly unseen: readonly Front[];
}

/** Kinds that carry annotations of fronts when a mark does not say. */
const annotated: readonly (readonly [string, string])[] = [
  ['networking.k8s.io', 'Ingress'],
  ['extensions', 'Ingress'],
  ['', 'Service'],
  ['gateway.networking.k8s.io', 'Gateway'],
];

function annotatedFronts(mesh: Mesh, marks: readonly Marked[]): readonly Front[] {
  const byAnnotation = marks.filter(({ mark }) => mark.annotation !== undefined);
  if (byAnnotation.length === 0) return [];
  const carriers = annotated
    .flatMap(([group, kind]) => mesh.ofKind(group, kind))
    .filter(({ object }) => objectAt(object, 'metadata', 'annotations') !== undefined);
  return carriers.flatMap((resource) =>
    byAnnotation.flatMap((marked) => frontByAnnotation(mesh, marked, resource) ?? []),
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
    objectsOf(mesh, marked.mark.kinds ?? []).flatMap((resource) => frontByKind(mesh, marked, resource) ?? []),
  );
}

function indexBy<K>(
  fronts: readonly Front[],
  keysOf: (front: Front) => readonly K[],
): ReadonlyMap<K, readonly Front[]> {
  const index = new Map<K, Front[]>();
  for (const front of fronts) for (const key of keysOf(front)) getOrMake(index, key, () => []).push(front);
  return index;
}

/** What objects with one value of an annotation share. */
function sharedKey(mark: FrontMark, resource: Resource): string | undefined {
  if (mark.shared === undefined) return undefined;
  const value = stringAt(resource.object, 'metadata', 'annotations', mark.shared);
  return value === undefined ? undefined : `${resource.kind} ${mark.shared}=${value}`;
}

function sharedFronts(byAnnotation: readonly Front[]): (resource: Resource) => readonly Front[] {
  const index = indexBy(byAnnotation, ({ mark, resource }) => {
    const key = sharedKey(mark, resource);
    return key === undefined ? [] : [key];
  });
  const marks = new Set(byAnnotation.map(({ mark }) => mark).filter(({ shared }) => shared !== undefined));
  return (resource) =>
    [...marks].flatMap((mark) => {
      const key = sharedKey(mark, resource);
      return key === undefined ? [] : (index.get(key) ?? []).filter((front) => front.mark === mark);
    });
}

function buildFronts({ mesh, products }: WafContext): Fronts {
  const marks = products.flatMap((product) => (product.fronts ?? []).map((mark) => ({ product, mark })));
  const byAnnotation = annotatedFronts(mesh, marks);
  const byObject = objectFronts(mesh, marks);
  const covering = (covers: FrontMark['covers']): readonly Front[] =>
    byObject.filter(({ mark }) => mark.covers === covers);
  const own = ({ group, kind, name, ...rest }: Resource): string =>
    keyOf(group, kind, mesh.namespaceOf({ group, kind, name, ...rest }), name);
  const onObject = indexBy(byAnnotation, ({ resource }) => [resource]);
  const shared = sharedFronts(byAnnotation);
  const onTarget = indexBy(covering('targets'), (front) => targetsOf(mesh, front));
  const onUpstream = indexBy(covering('upstreams'), (front) => upstreamsOf(mesh, front));
  const onParameters = indexBy(covering('gateway-parameters'), ({ resource }) => [own(resource)]);
  const onIngress = indexBy(covering('ingresses'), (front) => ingressesOf(mesh, front));
  const [referred, ofClasses] = [covering('referring-services'), covering('ingress-class')];
  const [byClassName, selecting] = [covering('ingress-classes'), covering('pods')];
  const ofEngines = indexBy(covering('own-engines'), ({ product }) => [product.id]);
  return {
    all: [...byAnnotation, ...byObject],
    onObject: (resource) => [...new Set([...(onObject.get(resource) ?? []), ...shared(resource)])],
    onTarget: (resource) => onTarget.get(own(resource)) ?? [],
    onService: (service, port) =>
      referred.length === 0 ? [] : referredBy(mesh, referred, { service, port }),
    onClass: (ingress) => [
      ...ofClass(mesh, ofClasses, ingress),
      ...ofClassNames(byClassName, ingress),
      ...parametersOf(mesh, ingress).flatMap((key) => onParameters.get(key) ?? []),
      ...(onIngress.get(`${mesh.namespaceOf(ingress)}/${ingress.name}`) ?? []),
    ],
    onUpstream: ({ host }) => onUpstream.get(host) ?? [],
    onPods: (workload) => selectingFronts(mesh, selecting, workload),
    ofEngines: (product) => ofEngines.get(product) ?? [],
    unseen: covering('unseen'),
  };
}

const kept = new WeakMap<WafContext, Fronts>();

/** The fronts of a mesh: cloud WAFs, ingress controllers and custom resources that its manifests show. */
export function frontsOf(context: WafContext): Fronts {
  return getOrMake(kept, context, () => buildFronts(context));
}
