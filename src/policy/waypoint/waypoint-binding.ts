import type { FieldRef } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { gatewayNameLabel } from '#policy/attachment.js';
import { contestedEvidence } from '#policy/contested.js';
import { known, unknown } from '#policy/decision.js';
import type { Cause, Decision, MissingEvidence, Step } from '#policy/decision.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { istiodFlag, parseGoBool } from '#policy/istiod-flag.js';
import { namespaceLabels } from '#policy/namespace-labels.js';
import { admits } from './allowed-routes.js';
import { bindingSubject } from './binding-subject.js';
import type { BindingSubject, WaypointUser } from './binding-subject.js';
import { waypointsOf } from './waypoint.js';
import type { Waypoint } from './waypoint.js';

/** Why istiod refuses a waypoint that is asked for; the names are those of its status conditions (ambient/status.go). */
export type WaypointRefusal = 'WaypointIsNotReady' | 'AttachmentDenied' | 'UnsupportedTrafficType';

/** The waypoint of a Service, a ServiceEntry or the pods of a workload. */
export interface WaypointBinding {
  readonly waypoint: Waypoint | undefined;
  /** `namespace/name` that labels ask for, taken or not. */
  readonly wanted: string | undefined;
  /** Why the wanted one is not taken: connections then go past it. */
  readonly refused: WaypointRefusal | undefined;
  /** Whether gateways send to the waypoint; undefined where the labels of the namespace are not known. */
  readonly usedByGateways: boolean | undefined;
}

const useLabel = 'istio.io/use-waypoint';
const namespaceLabel = 'istio.io/use-waypoint-namespace';
const canaryLabel = 'istio.io/use-waypoint-canary';
const ingressLabel = 'istio.io/ingress-use-waypoint';

const none: WaypointBinding = {
  waypoint: undefined,
  wanted: undefined,
  refused: undefined,
  usedByGateways: false,
};

function labelOf(labels: StringMap, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Which waypoint is asked for, and where. */
interface Wish {
  /** `namespace/name`; `none` opts out. */
  readonly key: string | undefined;
  readonly at: Cause;
  /** True when it is the namespace's, not the object's own. */
  readonly inherited: boolean;
  /** All labels of the level that was read. */
  readonly labels: StringMap;
}

/** The name and namespace of one level: the two labels are never mixed between levels (GetUseWaypoint). */
function readWish(labels: StringMap, namespace: string): string | undefined {
  const name = labelOf(labels, useLabel);
  if (name === undefined || name === 'none') return name;
  return `${labelOf(labels, namespaceLabel) ?? namespace}/${name}`;
}

function wishOf(mesh: Mesh, { labels, namespace, resource, path }: BindingSubject): Wish | MissingEvidence {
  const own = readWish(labels, namespace);
  if (own !== undefined)
    return { key: own, at: { resource, path: [...path, useLabel] }, inherited: false, labels };
  const space = namespaceLabels(mesh, namespace);
  if (!space.known) return space.missing;
  const key = readWish(space.labels, namespace);
  return { key, at: space.fieldOf(useLabel) ?? 'default', inherited: true, labels: space.labels };
}

function refusal(wanted: string, refused: WaypointRefusal): WaypointBinding {
  return { ...none, wanted, refused };
}

/** An instance of a Gateway has no waypoint itself, nor have the Services that istiod makes for waypoints (fetchWaypointForService, computeWaypoint). */
function isWaypointItself(mesh: Mesh, { kind, labels, namespace }: BindingSubject): boolean {
  if (kind === 'Workload') {
    const name = labelOf(labels, gatewayNameLabel);
    return name !== undefined && waypointsOf(mesh).get(`${namespace}/${name}`)?.ready === true;
  }
  const managed = labelOf(labels, 'gateway.istio.io/managed');
  return managed === 'istio.io-mesh-controller' || managed === 'istio.io-eastwest-controller';
}

/** What of the object or the Gateway keeps the binding from being certain. */
function doubtOf(
  mesh: Mesh,
  subject: BindingSubject,
  waypoint: Waypoint,
  { labels }: Wish,
): MissingEvidence | undefined {
  if (mesh.isContested(waypoint.resource)) return contestedEvidence(mesh, waypoint.resource);
  if (waypoint.trafficType.value === undefined)
    return { key: 'gateway-class', text: `GatewayClass of Gateway ${waypoint.key}: which traffic it is for` };
  const canary = subject.kind === 'Workload' ? undefined : labelOf(labels, canaryLabel);
  // Canaries are newer than the newest line that is released.
  if (canary !== undefined && canary !== 'none' && isAtLeast(istioVersionOf(mesh, undefined), 32))
    return {
      key: 'canary-waypoint',
      text: `which requests waypoint ${waypoint.key} leaves to its canary ${canary}`,
    };
  const isForeign = subject.kind === 'ServiceEntry' && waypoint.namespace !== subject.namespace;
  if (isForeign && objectAt(mesh.settings.config, 'serviceEntryVisibility') !== undefined)
    return {
      key: 'service-entry-visibility',
      text: 'whether MeshConfig.serviceEntryVisibility lets a ServiceEntry use a waypoint of another namespace',
    };
  return undefined;
}

function usedByGateways(mesh: Mesh, { labels, namespace }: BindingSubject): boolean | undefined {
  const own = labelOf(labels, ingressLabel);
  if (own !== undefined) return parseGoBool(own) === true;
  const space = namespaceLabels(mesh, namespace);
  return space.known ? parseGoBool(labelOf(space.labels, ingressLabel) ?? '') === true : undefined;
}

/** A waypoint that exists and admits the user may still be for other traffic; of the namespace's for pods that is no refusal. */
function byTraffic(mesh: Mesh, subject: BindingSubject, waypoint: Waypoint, wish: Wish): WaypointBinding {
  const wanted = waypoint.key;
  const traffic = subject.kind === 'Workload' ? 'workload' : 'service';
  const { value } = waypoint.trafficType;
  if (value === 'all' || value === traffic) {
    const forGateways = traffic === 'service' ? usedByGateways(mesh, subject) : false;
    return { waypoint, wanted, refused: undefined, usedByGateways: forGateways };
  }
  return wish.inherited && traffic === 'workload'
    ? { ...none, wanted }
    : refusal(wanted, 'UnsupportedTrafficType');
}

function fieldsOf(waypoint: Waypoint): readonly Step[] {
  const { allowedRoutes, trafficType, resource } = waypoint;
  const status: FieldRef = { resource, path: ['status'] };
  return [
    ...(waypoint.ready ? [] : [{ at: status, note: 'the Gateway has no address yet' }]),
    { at: allowedRoutes.at, note: `namespaces that may use it: ${allowedRoutes.from}` },
    { at: trafficType.at, note: `traffic that it takes: ${trafficType.value ?? 'not known'}` },
  ];
}

function bind(
  mesh: Mesh,
  subject: BindingSubject,
  wish: Wish & { readonly key: string },
): Decision<WaypointBinding> {
  const waypoint = waypointsOf(mesh).get(wish.key);
  if (waypoint === undefined)
    return mesh.scope === 'complete'
      ? known(refusal(wish.key, 'WaypointIsNotReady'), wish.at)
      : unknown([{ key: 'gateway', text: `Gateway ${wish.key}, which is to be the waypoint` }]);
  const steps = fieldsOf(waypoint);
  const doubt = doubtOf(mesh, subject, waypoint, wish);
  if (doubt !== undefined) return unknown([doubt], steps);
  if (!waypoint.ready) return known(refusal(wish.key, 'WaypointIsNotReady'), wish.at, steps);
  const place = { own: waypoint.namespace, user: subject.namespace };
  const admitted = admits(mesh, waypoint.allowedRoutes, place);
  if (typeof admitted !== 'boolean') return unknown([admitted], steps);
  if (!admitted) return known(refusal(wish.key, 'AttachmentDenied'), waypoint.allowedRoutes.at, steps);
  return known(byTraffic(mesh, subject, waypoint, wish), wish.at, steps);
}

/**
 * The waypoint of a Service, a ServiceEntry or the pods of a workload: the label of the object, else that of its
 * namespace; the Gateway has to be ready, to admit the namespace and to be for that traffic. What is refused is not
 * replaced by anything: traffic goes past (fetchWaypointForTarget, fetchWaypointForService and fetchWaypointForWorkload
 * in pilot/pkg/serviceregistry/ambient/waypoints.go).
 */
export function waypointBinding(mesh: Mesh, user: WaypointUser): Decision<WaypointBinding> {
  const subject = bindingSubject(mesh, user);
  if (!istiodFlag(mesh, 'PILOT_ENABLE_AMBIENT', true))
    return known(none, mesh.settings.envSource['PILOT_ENABLE_AMBIENT'] ?? 'default');
  if (mesh.isContested(subject.resource)) return unknown([contestedEvidence(mesh, subject.resource)]);
  const itself: Cause = { resource: subject.resource, path: subject.path };
  if (subject.isAlias || isWaypointItself(mesh, subject)) return known(none, itself);
  const wish = wishOf(mesh, subject);
  if ('text' in wish) return unknown([wish]);
  const { key } = wish;
  return key === undefined || key === 'none' ? known(none, wish.at) : bind(mesh, subject, { ...wish, key });
}
