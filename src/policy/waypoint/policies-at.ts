import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { actionOf, isDryRun } from '#policy/authorization-policies.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { policySelectorOf } from '#policy/policy-selector.js';
import type { TargetRef } from '#policy/policy-selector.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { isIdentity, rulesOf } from '#policy/written/written-rule.js';
import { waypointChain } from './waypoint-chain.js';
import { waypointsOf } from './waypoint.js';
import type { Waypoint } from './waypoint.js';

/** The AuthorizationPolicies that a waypoint enforces for a Service. */
export function policiesAtWaypoint(
  mesh: Mesh,
  waypoint: Waypoint,
  { name, namespace }: Service,
): readonly Resource[] {
  const chain = waypointChain(mesh, waypoint, { kind: 'Service', name, namespace });
  return chain.authorization.policies.filter((policy) => !isDryRun(policy) && actionOf(policy) !== 'AUDIT');
}

const useLabel = 'istio.io/use-waypoint';

const asksForWaypoint = ({ object }: Resource): boolean =>
  stringAt(object, 'metadata', 'labels', useLabel) !== undefined;

/** True when anything in the input is made for waypoints: a Gateway that is one, or a label that asks for one. */
export const usesWaypoints = perMesh(
  (mesh: Mesh): boolean =>
    [...waypointsOf(mesh).values()].some(({ isServed }) => isServed) ||
    [...mesh.namespaces.values()].some(({ labels }) => Object.hasOwn(labels, useLabel)) ||
    mesh.services.some(({ resource }) => asksForWaypoint(resource)) ||
    mesh.ofKind('networking.istio.io', 'ServiceEntry').some(asksForWaypoint) ||
    mesh.workloads.some(({ labels }) => Object.hasOwn(labels, useLabel)),
);

/** True when a DENY policy turns away all but certain callers: what keeps a workload to its waypoint without any ALLOW. */
export function deniesAllBut(policy: Resource): boolean {
  return rulesOf(policy).some(({ sources, operations, conditions }) => {
    const excludes = sources.some(({ fields }) =>
      fields.some((field) => field.negative && isIdentity(field)),
    );
    return excludes && operations.length === 0 && conditions.length === 0;
  });
}

/** True when istiod itself limits workloads to their waypoints. */
export function guardsWaypoints(mesh: Mesh): boolean {
  return istiodFlag(mesh, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY', false);
}

function leadsToWaypoint(mesh: Mesh, namespace: string, { kind, name }: TargetRef): boolean | undefined {
  if (kind !== 'Gateway') return true;
  const gateway = mesh.find('gateway.networking.k8s.io', 'Gateway', namespace, name);
  if (gateway === undefined) return mesh.scope === 'complete' ? false : undefined;
  const known = waypointsOf(mesh).get(`${namespace}/${name}`)?.isServed === true;
  return known || stringAt(gateway.object, 'spec', 'gatewayClassName') === 'istio-waypoint';
}

/** Whether a policy is enforced by waypoints and by nothing else; undefined where a Gateway that it names is not in the input. */
export function isForWaypoints(mesh: Mesh, policy: Resource): boolean | undefined {
  const { refs } = policySelectorOf(policy);
  const answers = refs.map((ref) => leadsToWaypoint(mesh, mesh.namespaceOf(policy), ref));
  if (answers.length === 0 || answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** The Services and ServiceEntries that a policy names in targetRefs, as far as the input has them. */
export function referredServices(mesh: Mesh, policy: Resource): readonly (Service | Resource)[] {
  const namespace = mesh.namespaceOf(policy);
  return policySelectorOf(policy).refs.flatMap(({ kind, name, group }): readonly (Service | Resource)[] => {
    if (kind === 'ServiceEntry')
      return [mesh.find('networking.istio.io', 'ServiceEntry', namespace, name)].filter(
        (one) => one !== undefined,
      );
    if (kind !== 'Service' || (group !== '' && group !== 'core')) return [];
    const service = mesh.serviceByHost(`${name}.${namespace}.svc.${mesh.settings.domainSuffix}`);
    return service === undefined ? [] : [service];
  });
}

/**
 * Whether an enforced ALLOW policy is bound to a waypoint as such, by its Gateway or by GatewayClass istio-waypoint; undefined
 * for a Gateway that is none.
 */
export function allowsAtWaypoint(mesh: Mesh, gateway: Resource): boolean | undefined {
  const waypoint = waypointsOf(mesh).get(`${mesh.namespaceOf(gateway)}/${gateway.name}`);
  if (waypoint?.isServed !== true) return undefined;
  const { policies } = waypointChain(mesh, waypoint, 'pods').authorization;
  return policies.some((policy) => !isDryRun(policy) && actionOf(policy) === 'ALLOW');
}
