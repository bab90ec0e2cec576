import type { FieldRef } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { Service, ServicePort, Workload } from '#mesh/mesh.js';
import { attaches } from '#policy/attachment.js';
import type { PolicyTarget } from '#policy/attachment.js';
import { unknown } from '#policy/decision.js';
import { portProtocol } from '#policy/waypoint/waypoint-users.js';
import type { Waypoint } from '#policy/waypoint/waypoint.js';
import { gapsOfObject } from './as-written.js';
import { gapOf } from './gap.js';
import type { InspectionDecision, InspectionGap } from './inspection.js';
import { wafObjects } from './objects.js';
import type { WafObject } from './objects.js';
import { combineDecisions, inspectionOf } from './verdict.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';
import { customEngines, waypointProxy } from './waypoint-engines.js';

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

/** Contexts in which istiod patches the listeners of a waypoint: it takes them for those of a sidecar (patchListeners in listener_builder.go). */
const patched: ReadonlySet<string> = new Set(['', 'ANY', 'SIDECAR_INBOUND']);

/** An EnvoyFilter that is attached to a waypoint: what it makes of the waypoint's chains is not worked out. */
function ofEnvoyFilter({ product, resource, at }: WafObject, waypoint: Waypoint): Engine {
  const path = [...at.path, 'match', 'context'];
  const context = stringAt(resource.object, ...path) ?? '';
  const engine = { product: product.id, by: [at] };
  if (patched.has(context)) {
    const text = `what EnvoyFilter ${resource.name} makes of waypoint ${waypoint.key}`;
    return { ...engine, gaps: [], missing: [{ key: 'waypoint', text }] };
  }
  const how = `context ${context} is not that of a waypoint's listeners, which istiod patches as SIDECAR_INBOUND`;
  const gap = gapOf('wrong-context', product, { at: { resource, path }, note: how, data: { how } });
  return { ...engine, by: [], gaps: [gap], missing: [] };
}

/** Engines that objects bring which are attached to a waypoint, for the requests of one Service. */
function attachedEngines(context: WafContext, service: Service, waypoint: Waypoint): readonly Engine[] {
  const { mesh } = context;
  const target = targetOf(waypoint, service);
  return wafObjects(context)
    .filter(({ resource }) => !mesh.refused.includes(resource) && attaches(mesh, resource, target))
    .map((one) => (plugins.has(one.resource.kind) ? engineOf(context, one) : ofEnvoyFilter(one, waypoint)));
}

/** Ports whose bytes the waypoint does not read as HTTP, told for each product that inspects the others. */
function pastFilters(
  { products }: WafContext,
  { engines, port, service }: { engines: readonly Engine[]; port: ServicePort; service: Service },
): readonly Engine[] {
  const ids = new Set(engines.map(({ product }) => product));
  const ports = `port ${port.number}`;
  return products
    .filter(({ id }) => ids.has(id))
    .map((product): Engine => {
      const at: FieldRef = { resource: service.resource, path: port.path };
      const note = `the waypoint reads no HTTP on ${ports}`;
      const gap = gapOf('ports-left-out', product, { at, note, data: { ports } });
      return { product: product.id, by: [], gaps: [gap], missing: [] };
    });
}

/** Protocols whose streams hold no HTTP requests. */
const streams: ReadonlySet<string> = new Set(['UDP', 'SCTP', 'Mongo', 'Redis', 'MySQL']);

/** What the waypoint of one Service inspects of the requests that are sent to the Service. */
function forService(context: WafContext, service: Service, waypoint: Waypoint): InspectionDecision {
  const attached = attachedEngines(context, service, waypoint);
  const proxy = waypointProxy(context, waypoint, service);
  const ports = service.ports.filter(({ protocol }) => !streams.has(protocol));
  return combineDecisions(
    ports.map((port) => {
      const engines = [...attached, ...customEngines(context, proxy, port)];
      const isRead = portProtocol(port) !== 'TCP';
      return inspectionOf(isRead ? engines : pastFilters(context, { engines, port, service }));
    }),
  );
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
