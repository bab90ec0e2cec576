import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { PolicyTarget, ServedService } from '#policy/attachment.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { AttachedPolicies } from '#policy/attached-policies.js';
import { authorizationPoliciesOf } from '#policy/authorization-policies.js';
import { authorizationProgram } from '#policy/authorization-program.js';
import { ztunnelEnrolment } from '#policy/ambient/ztunnel-enrolment.js';
import { known } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { jwtRulesOf } from '#policy/jwt-rule.js';
import type { Enrolment } from '#policy/policies.js';
import { trustedDomains } from '#policy/request/admission.js';
import { pathSettingsOf } from '#policy/request/path-settings.js';
import { metadataOf } from '#policy/request/receiver.js';
import type { FilterSet } from '#policy/request/through-filters.js';
import { requestAuthenticationPoliciesOf } from '#policy/request-authentication.js';
import { meshSeenBy } from '#policy/revision-mesh.js';
import type { Waypoint } from './waypoint.js';

/** What a chain of a waypoint is for: a Service, the addresses of pods, or the end of the tunnel in front of them all. */
export type ChainOf = ServedService | 'pods' | 'tunnel';

/** The policies in a kind of chain of a waypoint. */
export interface WaypointChain {
  readonly authorization: AttachedPolicies;
  readonly authentication: AttachedPolicies;
}

const nothing: AttachedPolicies = { policies: [], doubtful: [], missing: [] };

/** A waypoint as its control plane sees it. */
export interface SeenWaypoint {
  readonly mesh: Mesh;
  readonly enrolment: Decision<Enrolment>;
  /** Trust domains of clients that it accepts; undefined: any. */
  readonly trusted: ReadonlySet<string> | undefined;
}

/** The revision that serves a Gateway is that of its label, else the only one (isForRevision in pilot/pkg/config/kube). */
function seen(mesh: Mesh, { resource, labels }: Waypoint): SeenWaypoint {
  const key = 'istio.io/rev';
  const written = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const { revisionTags } = mesh.settings;
  const tagged =
    written !== undefined && Object.hasOwn(revisionTags, written) ? revisionTags[written] : written;
  const at: FieldRef = { resource, path: ['metadata'] };
  const value: Enrolment = { dataPlane: 'waypoint', revision: tagged, reason: 'waypoint of a Gateway' };
  const enrolment = ztunnelEnrolment(mesh, known(value, at));
  const view = meshSeenBy(mesh, enrolment);
  return { mesh: view, enrolment, trusted: trustedDomains(view) };
}

const views = new WeakMap<Waypoint, SeenWaypoint>();

/** The mesh with the settings of the control plane that configures a waypoint. */
export function seenByWaypoint(mesh: Mesh, waypoint: Waypoint): SeenWaypoint {
  return getOrMake(views, waypoint, () => seen(mesh, waypoint));
}

/** True where istiod enforces policies in front of the waypoint too. */
export function isLayered(mesh: Mesh): boolean {
  return istiodFlag(mesh, 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', false);
}

function makeChain(mesh: Mesh, waypoint: Waypoint, of: ChainOf): WaypointChain {
  const { enrolment } = seenByWaypoint(mesh, waypoint);
  const { namespace, labels } = waypoint;
  // In front of the tunnel a waypoint is a gateway pod like any other (NewWaypointTerminationBuilder).
  if (of === 'tunnel') {
    const target: PolicyTarget = { namespace, labels };
    return { authorization: authorizationPoliciesOf(mesh, target, enrolment), authentication: nothing };
  }
  const target: PolicyTarget = { namespace, labels, waypoint: true, services: of === 'pods' ? [] : [of] };
  return {
    authorization: authorizationPoliciesOf(mesh, target, enrolment),
    authentication: requestAuthenticationPoliciesOf(mesh, target, enrolment),
  };
}

const chains = new WeakMap<Waypoint, Map<string, WaypointChain>>();

/**
 * The policies of a chain: those of refs to the Gateway and to GatewayClass istio-waypoint, and on the chains of a
 * Service those of refs to it (NewBuilderForService in pilot/pkg/networking/plugin/authz/authorization.go).
 */
export function waypointChain(mesh: Mesh, waypoint: Waypoint, of: ChainOf): WaypointChain {
  const known = getOrMake(chains, waypoint, () => new Map<string, WaypointChain>());
  const key = typeof of === 'string' ? of : `${of.kind}/${of.namespace}/${of.name}`;
  return getOrMake(known, key, () => makeChain(mesh, waypoint, of));
}

function makeFilters(mesh: Mesh, waypoint: Waypoint, of: ChainOf): FilterSet {
  const view = seenByWaypoint(mesh, waypoint).mesh;
  const { authorization, authentication } = waypointChain(mesh, waypoint, of);
  const { policies } = authorization;
  return {
    mesh: view,
    http: authorizationProgram(view, policies, 'http'),
    tcp: authorizationProgram(view, policies, 'tcp'),
    jwtRules: jwtRulesOf(authentication.policies),
    paths: pathSettingsOf(view, waypoint),
    facts: { destinationIp: undefined, hasMetadata: metadataOf(mesh), isTunnelled: of !== 'tunnel' },
    missing: uniqueEvidence([...authorization.missing, ...authentication.missing]),
  };
}

const filterSets = new WeakMap<WaypointChain, FilterSet>();

/** The filters of a chain, ready to decide what comes out of the tunnel for an address. */
export function chainFilters(
  mesh: Mesh,
  waypoint: Waypoint,
  { of, address }: { readonly of: ChainOf; readonly address: FilterSet['facts']['destinationIp'] },
): FilterSet {
  const chain = waypointChain(mesh, waypoint, of);
  const filters = getOrMake(filterSets, chain, () => makeFilters(mesh, waypoint, of));
  return address === undefined
    ? filters
    : { ...filters, facts: { ...filters.facts, destinationIp: address } };
}
