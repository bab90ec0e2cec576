import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { actionOf } from '#policy/authorization-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import { customFilters } from '#policy/filter-chain/base/custom-filters.js';
import { describeFilter } from '#policy/filter-chain/describe/describe-filter.js';
import type { ProxyCluster, ProxyFilter, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { seenByWaypoint, waypointChain } from '#policy/waypoint/waypoint-chain.js';
import type { Waypoint } from '#policy/waypoint/waypoint.js';
import { arrivalsOfHost, entryOf } from './arrivals.js';
import { istioCluster } from './call.js';
import { chainEngines } from './chain-engine.js';
import { perContext } from './per-context.js';
import type { Engine } from './verdict.js';
import { voidChecksOf } from './void-checks.js';
import type { InspectedProxy, WafContext } from './waf-context.js';
import { wafProviders } from './providers.js';

/** The pods of a waypoint, where istiod makes them and the input does not hold them. */
function standIn(mesh: Mesh, waypoint: Waypoint): Workload {
  const { namespace, name, resource, labels, annotations, serviceAccounts } = waypoint;
  const [serviceAccount = name] = serviceAccounts;
  return {
    id: `${namespace}/Pod/of-waypoint-${name}`,
    ordinal: -1,
    kind: 'Pod',
    name: `of-waypoint-${name}`,
    namespace,
    resource,
    podPath: ['spec'],
    labels,
    annotations,
    podSpec: {},
    serviceAccount,
    principal: `${mesh.settings.trustDomain}/ns/${namespace}/sa/${serviceAccount}`,
    hostNetwork: false,
    containers: [],
    pods: [],
  };
}

function hasPort(ports: readonly { readonly number: unknown }[], wanted: number): boolean {
  return ports.some(({ number }) => number === wanted);
}

/**
 * Clusters of the extension providers' services: a waypoint has those of every provider of its mesh configuration, whether
 * or not its own Services call them (extraServicesForProxy in pilot/pkg/model/push_context.go).
 */
function clustersOf(mesh: Mesh, filters: readonly ProxyFilter[]): readonly ProxyCluster[] {
  return filters.flatMap(({ cluster: name }): readonly ProxyCluster[] => {
    const parts = name === undefined ? undefined : istioCluster(name);
    if (name === undefined || parts === undefined) return [];
    const { host, port } = parts;
    const entry = entryOf(mesh, host);
    const written = listAt(entry?.object, 'spec', 'ports').map((one) => ({
      number: valueAt(one, ['number']),
    }));
    if (!hasPort([...(mesh.serviceByHost(host)?.ports ?? []), ...written], port)) return [];
    const rest = { type: undefined, endpoints: [], http2: false, tls: false, referenced: true };
    return [{ name, origin: 'istio', ...rest, at: undefined, refused: undefined }];
  });
}

/** A waypoint as it stands before one Service. */
export interface WaypointProxy extends InspectedProxy {
  /** CUSTOM policies that it asks an authorizer for. */
  readonly custom: readonly Resource[];
  readonly filters: readonly ProxyFilter[];
  readonly missing: readonly MissingEvidence[];
}

function build({ mesh }: WafContext, waypoint: Waypoint, { name, namespace }: Service): WaypointProxy {
  const view = seenByWaypoint(mesh, waypoint).mesh;
  const { authorization } = waypointChain(mesh, waypoint, { kind: 'Service', name, namespace });
  const custom = authorization.policies.filter((policy) => actionOf(policy) === 'CUSTOM');
  const models = customFilters(view, custom);
  const surroundings = { delivered: new Map<string, never>(), hasCluster: () => true };
  const filters = models.http().map((model) => describeFilter(model, surroundings));
  const clusters = clustersOf(mesh, filters);
  const chains = {
    kind: 'sidecar',
    chains: [],
    outbound: [],
    clusters,
    patches: [],
    panics: [],
  } as const;
  const workload = waypoint.workload ?? standIn(mesh, waypoint);
  const missing = [...authorization.missing, ...models.missing];
  return { workload, chains, custom, filters, missing };
}

const kept = perContext((): Map<Waypoint, Map<Service, WaypointProxy>> => new Map());

/** The filters that CUSTOM policies put into a waypoint for one Service; worked out once. */
export function waypointProxy(context: WafContext, waypoint: Waypoint, service: Service): WaypointProxy {
  const byService = getOrMake(kept(context), waypoint, () => new Map<Service, WaypointProxy>());
  return getOrMake(byService, service, () => build(context, waypoint, service));
}

function chainOf(proxy: WaypointProxy, port: ServicePort): ProxyFilterChain {
  return {
    listener: 'inbound',
    listenerName: 'main_internal',
    listenPort: undefined,
    name: '',
    match: {
      destinationPort: port.number,
      transportProtocol: '',
      applicationProtocols: [],
      serverNames: [],
    },
    tls: 'none',
    port: port.number,
    passthrough: false,
    serverPorts: [],
    servers: [],
    protocol: 'http',
    httpFilters: proxy.filters,
    networkFilters: [],
    routeConfig: undefined,
    virtualHosts: [],
    overrides: [],
    refused: undefined,
  };
}

/** True for a call that comes back to the waypoint's own pods, of which the input does not show what they run. */
function callsUnseenPod({ mesh }: WafContext, { workload, filters }: WaypointProxy): boolean {
  if (workload.ordinal >= 0) return false;
  return filters.some(({ cluster }) => {
    const parts = cluster === undefined ? undefined : istioCluster(cluster);
    const arrivals = parts && arrivalsOfHost(mesh, workload, parts);
    return arrivals?.known === true && arrivals.value.some(({ ownPod }) => ownPod);
  });
}

/** True for CUSTOM policies whose provider is a product's. */
function asksProduct(context: WafContext, policy: Resource): boolean {
  const name = stringAt(policy.object, 'spec', 'provider', 'name');
  return wafProviders(context).some((provider) => provider.name === name);
}

function openEngines(
  context: WafContext,
  { custom }: WaypointProxy,
  missing: readonly MissingEvidence[],
): readonly Engine[] {
  const [provider] = wafProviders(context);
  if (provider === undefined || !custom.some((policy) => asksProduct(context, policy))) return [];
  const by: readonly FieldRef[] = custom.map((resource) => ({ resource, path: ['spec'] }));
  return [{ product: provider.product.id, by, gaps: [], missing }];
}

/**
 * What the external authorizers of CUSTOM policies inspect at a waypoint of the HTTP requests for a port of a Service: the
 * filters are those of a sidecar, asked for the port of the Service (buildWaypointHTTPFilters in
 * pilot/pkg/networking/core/listener_waypoint.go).
 */
export function customEngines(
  context: WafContext,
  proxy: WaypointProxy,
  port: ServicePort,
): readonly Engine[] {
  const { custom, missing, workload } = proxy;
  if (custom.length === 0) return [];
  if (missing.length > 0) return openEngines(context, proxy, missing);
  if (callsUnseenPod(context, proxy)) {
    const text = `what runs in the pods of waypoint ${workload.namespace}/${workload.resource.name}`;
    return openEngines(context, proxy, [{ key: 'waypoint', text }]);
  }
  const asked = chainEngines(context, { ...proxy, custom }, chainOf(proxy, port));
  return [...asked, ...voidChecksOf(context, custom)];
}
