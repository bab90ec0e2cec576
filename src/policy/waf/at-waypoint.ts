import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { Service, Workload } from '#mesh/mesh.js';
import { attaches } from '#policy/attachment.js';
import type { PolicyTarget } from '#policy/attachment.js';
import { actionOf } from '#policy/authorization-policies.js';
import { unknown } from '#policy/decision.js';
import type { Waypoint } from '#policy/waypoint/waypoint.js';
import { gapsOfObject } from './as-written.js';
import { gapOf } from './gap.js';
import type { InspectionDecision, InspectionGap } from './inspection.js';
import { wafObjects } from './objects.js';
import type { WafObject } from './objects.js';
import { wafProviders } from './providers.js';
import { combineDecisions, inspectionOf } from './verdict.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';

/** Where requests for a workload come from: out of the mesh they come by a gateway, or straight to the pod. */
export type Origin = 'mesh' | 'gateway' | 'outside';

/** A waypoint as what policies attach to, on behalf of a Service. */
function targetOf({ namespace, labels }: Waypoint, service: Service): PolicyTarget {
  const { name, namespace: own } = service;
  return { namespace, labels, waypoint: true, services: [{ kind: 'Service', name, namespace: own }] };
}

const plugins: ReadonlySet<string> = new Set(['WasmPlugin', 'TrafficExtension']);

/**
 * Why a plugin does not run at a waypoint that it is attached to: a waypoint asks for those of inbound listeners, and
 * with no port (buildWaypointHTTPFilters in pilot/pkg/networking/core/listener_waypoint.go, matchMode and matchPorts in
 * pilot/pkg/model/extensions.go). Undefined: it runs.
 */
function neverRuns({ product, resource }: WafObject): InspectionGap | undefined {
  const matches = listAt(resource.object, 'spec', 'match');
  const runs = matches.some(
    (match) => stringAt(match, 'mode') !== 'CLIENT' && listAt(match, 'ports').length === 0,
  );
  if (matches.length === 0 || runs) return undefined;
  const how = 'a waypoint runs plugins of mode SERVER (or both) without ports only';
  return gapOf('never-runs-here', product, {
    at: { resource, path: ['spec', 'match'] },
    note: how,
    data: { how },
  });
}

function engineOf(context: WafContext, one: WafObject): Engine {
  const never = neverRuns(one);
  const gaps = never === undefined ? gapsOfObject(context, one) : [never];
  return { product: one.product.id, by: [one.at], gaps, missing: [] };
}

/** CUSTOM policies at the waypoint whose authorizer is a product's: how those are asked there is not followed. */
function isAsked(context: WafContext, policy: Resource, target: PolicyTarget): boolean {
  if (actionOf(policy) !== 'CUSTOM' || !attaches(context.mesh, policy, target)) return false;
  const name = stringAt(policy.object, 'spec', 'provider', 'name');
  return wafProviders(context).some((provider) => provider.name === name);
}

/** What the waypoint of one Service inspects of the requests that are sent to the Service. */
function forService(context: WafContext, service: Service, waypoint: Waypoint): InspectionDecision {
  const { mesh } = context;
  const target = targetOf(waypoint, service);
  const engines = wafObjects(context)
    .filter(({ resource }) => plugins.has(resource.kind) && !mesh.refused.includes(resource))
    .filter(({ resource }) => attaches(mesh, resource, target))
    .map((one) => engineOf(context, one));
  const customs =
    wafProviders(context).length === 0 ? [] : mesh.ofKind('security.istio.io', 'AuthorizationPolicy');
  const asked = customs.find((policy) => isAsked(context, policy, target));
  if (asked === undefined) return inspectionOf(engines);
  const missing = [{ key: 'waypoint', text: `what waypoint ${waypoint.key} asks for ${asked.name}` }];
  const [provider] = wafProviders(context);
  const open: readonly Engine[] =
    provider === undefined ? [] : [{ product: provider.product.id, by: [], gaps: [], missing }];
  return inspectionOf([...engines, ...open]);
}

/**
 * What waypoints inspect of the requests for an ambient workload: those that are sent to its Services, each of which has
 * its own waypoint or none. Gateways go past a waypoint unless it is to be used for them; other traffic from outside of
 * the mesh always does. Requests to a pod's own address are not counted.
 */
export function atWaypoint(context: WafContext, workload: Workload, from: Origin): InspectionDecision {
  const { policies, mesh } = context;
  const services = from === 'outside' ? [] : mesh.servicesOf(workload);
  return combineDecisions(
    services.map((service): InspectionDecision => {
      const binding = policies.waypointOf(service);
      if (!binding.known) return { ...unknown(binding.missing), gaps: [] };
      const { waypoint, usedByGateways } = binding.value;
      if (waypoint === undefined) return inspectionOf([]);
      if (from === 'gateway' && usedByGateways === false) return inspectionOf([]);
      if (from === 'gateway' && usedByGateways === undefined) {
        const text = `labels of namespace ${service.namespace}`;
        return { ...unknown([{ key: 'namespace-labels', text }]), gaps: [] };
      }
      return forService(context, service, waypoint);
    }),
  );
}
