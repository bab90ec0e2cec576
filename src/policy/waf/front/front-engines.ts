import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import { overlaps } from '#policy/gateway/host-name.js';
import type { InspectionDecision, InspectionGap } from '#policy/waf/inspection.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { unknown } from '#policy/decision.js';
import { combineDecisions, inspectionOf } from '#policy/waf/verdict.js';
import type { Engine } from '#policy/waf/verdict.js';
import type { WafContext } from '#policy/waf/waf-context.js';
import type { Entrance as PlainEntrance } from '#policy/waf/ways/entrances.js';
import { stringAt, listAt } from '#documents/json.js';
import { frontsOf } from './fronts.js';
import type { Fronts } from './fronts.js';
import type { Front } from './make-front.js';
import { sectionsOf } from './ties.js';

/** How requests get in, an ingress object of a product's own kind among the ways. */
export type Entrance =
  PlainEntrance | { readonly by: 'object'; readonly front: Front; readonly service: Service };

/** Listeners of a Gateway by whose names a route attaches to it; empty: to all of them. */
function listenersOf(route: Resource, gateway: Resource): readonly string[] {
  return listAt(route.object, 'spec', 'parentRefs').flatMap((ref) => {
    const section = stringAt(ref, 'sectionName');
    return stringAt(ref, 'name') === gateway.name && section !== undefined ? [section] : [];
  });
}

/** A policy for some listeners of a Gateway, as it holds for a route: undefined where the route attaches to none of them. */
function onListeners(front: Front, route: Resource, gateway: Resource): Front | undefined {
  const sections = sectionsOf(front);
  if (sections.length === 0) return front;
  const attached = listenersOf(route, gateway);
  if (attached.length > 0) return attached.every((name) => sections.includes(name)) ? front : undefined;
  const text = `which listener of Gateway ${gateway.name} requests come in by`;
  const missing = [...front.engine.missing, { key: 'listener', text }];
  return { ...front, engine: { ...front.engine, missing } };
}

/** The fronts that stand at an entrance. */
function frontsAt(fronts: Fronts, entrance: Entrance): readonly Front[] {
  if (entrance.by === 'node') return [];
  if (entrance.by === 'object') return [entrance.front];
  const { service } = entrance;
  const ports = entrance.by === 'service' ? [entrance.port] : entrance.ports;
  const before = entrance.by === 'service' ? entrance.service.resource : entrance.way.ingress;
  const route =
    entrance.by === 'ingress'
      ? [...fronts.onTarget(entrance.way.at.resource), ...fronts.onClass(before)]
      : [];
  const targeted = fronts
    .onTarget(before)
    .flatMap((front) =>
      entrance.by === 'ingress' ? (onListeners(front, entrance.way.at.resource, before) ?? []) : [front],
    );
  const found = [...new Set([...fronts.onObject(before), ...targeted, ...route])];
  if (service === undefined) return found;
  const behind = ports.flatMap((port) => fronts.onService(service, port));
  return [...new Set([...found, ...fronts.onTarget(service.resource), ...behind])];
}

/** Ingress objects of products' own kinds that lead to a workload. */
export function objectEntrances(context: WafContext, workload: Workload): readonly Entrance[] {
  const { onUpstream } = frontsOf(context);
  return context.mesh
    .servicesOf(workload)
    .flatMap((service) => onUpstream(service).map((front) => ({ by: 'object', front, service }) as const));
}

interface Guarded {
  readonly entrance: Entrance;
  readonly fronts: readonly Front[];
}

/** Load balancers of cloud providers reach a Service by its node ports: that is no way of its own. */
function isNodePortOf(service: Service, guarded: readonly Guarded[]): boolean {
  return (
    service.type === 'NodePort' &&
    guarded.some(({ entrance }) => entrance.by === 'ingress' && entrance.service === service)
  );
}

function placeOf(entrance: Exclude<Entrance, { readonly by: 'node' }>): FieldRef {
  if (entrance.by === 'ingress') return entrance.way.at;
  if (entrance.by === 'object') return entrance.front.hit.at;
  return { resource: entrance.service.resource, path: entrance.port.path };
}

function bypassOf(
  mesh: Mesh,
  entrance: Entrance,
): { readonly text: string; readonly at: FieldRef | undefined } {
  if (entrance.by === 'node') return { text: "the nodes' own addresses", at: undefined };
  const at = placeOf(entrance);
  const { kind, name } = at.resource;
  const type = entrance.by === 'service' ? ` (${entrance.service.type})` : '';
  return { text: `${kind} ${mesh.namespaceOf(at.resource)}/${name}${type}`, at };
}

function bypassed(mesh: Mesh, { product, hit }: Front, entrance: Entrance): InspectionGap {
  const { text, at } = bypassOf(mesh, entrance);
  const { resource } = hit.at;
  return {
    kind: 'front-bypassed',
    product: product.id,
    at: at ?? hit.at,
    related: at === undefined ? [] : [hit.at],
    note: `${text} leads past ${product.name}`,
    data: {
      product: product.name,
      object: `${resource.kind} ${mesh.namespaceOf(resource)}/${resource.name}`,
      bypass: text,
    },
    reach: 'some',
  };
}

/** Entrances that requests for a host can take: an Ingress for another host leads them nowhere. */
function takenBy(host: string, entrances: readonly Entrance[]): readonly Entrance[] {
  return entrances.filter((entrance) => entrance.by !== 'ingress' || overlaps(entrance.way.host, host));
}

/**
 * What the fronts at the entrances of a host inspect: all of it where each entrance has one; where another leads past
 * them, that is a gap. Undefined: no front stands at any entrance.
 */
export function frontInspection(
  context: WafContext,
  host: string,
  entrances: readonly Entrance[],
): InspectionDecision | undefined {
  const { mesh } = context;
  const index = frontsOf(context);
  if (index.all.length === 0) return undefined;
  const taken = takenBy(host, entrances).map((entrance) => ({ entrance, fronts: frontsAt(index, entrance) }));
  const guarded = taken.filter(({ fronts }) => fronts.length > 0);
  if (guarded.length === 0) return undefined;
  const open = taken
    .filter(({ fronts }) => fronts.length === 0)
    .map(({ entrance }) => entrance)
    .filter((entrance) => entrance.by !== 'service' || !isNodePortOf(entrance.service, guarded));
  const engineOf = (front: Front): Engine => ({
    ...front.engine,
    gaps: [...front.engine.gaps, ...open.map((entrance) => bypassed(mesh, front, entrance))],
  });
  return combineDecisions(guarded.map(({ fronts }) => inspectionOf(fronts.map(engineOf))));
}

/** What policies inspect that name a gateway or a route as their target; undefined: there is none. */
export function targetInspection(
  context: WafContext,
  resources: readonly Resource[],
): InspectionDecision | undefined {
  const { onTarget } = frontsOf(context);
  const fronts = new Set(resources.flatMap((resource) => onTarget(resource)));
  return fronts.size === 0 ? undefined : inspectionOf([...fronts].map(({ engine }) => engine));
}

/** What objects inspect that select the pods of a gateway; undefined: there is none. */
export function podsInspection(context: WafContext, workload: Workload): InspectionDecision | undefined {
  const fronts = frontsOf(context).onPods(workload);
  return fronts.length === 0 ? undefined : inspectionOf(fronts.map(({ engine }) => engine));
}

/** What could inspect besides, by objects that the manifests tie to nothing; undefined: there is none. */
export function unseenInspection(context: WafContext): InspectionDecision | undefined {
  const { unseen } = frontsOf(context);
  if (unseen.length === 0) return undefined;
  const missing = unseen.map(({ resource, product }) => ({
    key: 'front',
    text: `what ${resource.kind} ${context.mesh.namespaceOf(resource)}/${resource.name} of ${product.name} guards`,
  }));
  return { ...unknown(uniqueEvidence(missing)), gaps: [] };
}
