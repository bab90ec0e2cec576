import type { Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { containsAll, stringMap } from '#mesh/string-map.js';
import { waypointPolicy } from '#policy/ambient/waypoint-policy.js';
import type { ZtunnelPolicy } from '#policy/ambient/ztunnel-policy.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { waypointBinding } from './waypoint-binding.js';
import type { WaypointUser } from './binding-subject.js';
import type { Waypoint } from './waypoint.js';

function waypointOf(mesh: Mesh, user: WaypointUser): readonly Waypoint[] {
  const binding = waypointBinding(mesh, user);
  const waypoint = binding.known ? binding.value.waypoint : undefined;
  return waypoint === undefined ? [] : [waypoint];
}

/** ServiceEntries that select the pods of a workload. */
function entriesOf(mesh: Mesh, workload: Workload): readonly Resource[] {
  if (!istiodFlag(mesh, 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', true)) return [];
  return mesh.inNamespace('networking.istio.io', 'ServiceEntry', workload.namespace).filter(({ object }) => {
    const labels = stringMap(objectAt(object, 'spec', 'workloadSelector', 'labels'));
    return Object.keys(labels).length > 0 && containsAll(workload.labels, labels);
  });
}

/**
 * The ALLOW policies that istiod makes for the accounts of a workload's waypoints, its own and those of its Services,
 * where PILOT_AUTO_ALLOW_WAYPOINT_POLICY asks for them (implicitWaypointPolicies in
 * pilot/pkg/serviceregistry/ambient/workloads.go).
 */
export function implicitPolicies(mesh: Mesh, workload: Workload): readonly ZtunnelPolicy[] {
  if (!istiodFlag(mesh, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY', false)) return [];
  const users: readonly WaypointUser[] = [
    workload,
    ...mesh.servicesOf(workload),
    ...entriesOf(mesh, workload),
  ];
  const waypoints = new Set(users.flatMap((user) => waypointOf(mesh, user)));
  return [...waypoints]
    .map((waypoint) => waypointPolicy(mesh, waypoint))
    .filter((policy) => policy !== undefined);
}
