import type { FieldRef } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { known, unknown } from '#policy/decision.js';
import type { ProxyCluster, ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { patchesOf } from '#policy/extension/patch-facts.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { addressText, parseAddress } from './address.js';
import { arrivalsAt, arrivalsOfHost } from './arrivals.js';
import type { Arrivals } from './arrivals.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** The call that a filter makes for each request. */
export interface Call {
  readonly mode: 'ext_authz' | 'ext_proc';
  /** True when it is spoken over HTTP/2. */
  readonly grpc: boolean;
  readonly clusterName: string | undefined;
  readonly cluster: ProxyCluster | undefined;
  /** The address or name that is called, for people. */
  readonly address: string;
  readonly arrivals: Arrivals;
  /** The proxy has no such cluster, and the input holds what would tell. */
  readonly clusterMissing: boolean;
}

/** Names of clusters that EnvoyFilters of the input add, with the objects that do. */
const addedClusters = perMesh((mesh: Mesh): ReadonlyMap<string, readonly FieldRef[]> => {
  const found = new Map<string, FieldRef[]>();
  for (const envoyFilter of mesh.ofKind('networking.istio.io', 'EnvoyFilter'))
    for (const { applyTo, operation, value, at } of patchesOf(envoyFilter))
      if (applyTo === 'CLUSTER' && operation === 'ADD')
        getOrMake(found, stringAt(value, 'name') ?? '', () => []).push(at);
  return found;
});

/** The patches that add a cluster of this name, whether or not it reaches the proxy. */
export function patchesThatAdd(mesh: Mesh, cluster: string): readonly FieldRef[] {
  return addedClusters(mesh).get(cluster) ?? [];
}

/** True when the input shows that the cluster is not to come from elsewhere: it, or another one beside the filter, is added here. */
function isWrittenHere({ mesh }: WafContext, name: string, filter: ProxyFilter): boolean {
  if (mesh.scope === 'complete' || patchesThatAdd(mesh, name).length > 0) return true;
  const own = filter.addedBy?.resource;
  if (own?.kind !== 'EnvoyFilter') return false;
  return patchesOf(own).some(({ applyTo, operation }) => applyTo === 'CLUSTER' && operation === 'ADD');
}

/** The parts of a name such as `outbound|9999||host`. */
export function istioCluster(
  name: string,
): { readonly direction: string; readonly port: number; readonly host: string } | undefined {
  const [direction = '', port = '', , host, ...rest] = name.split('|');
  if (host === undefined || rest.length > 0 || !/^\d{1,5}$/.test(port)) return undefined;
  return { direction, port: Number(port), host };
}

function ofAddresses(
  { mesh }: WafContext,
  { workload }: InspectedProxy,
  written: readonly string[],
): Arrivals {
  const parts = written.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [arrivalsAt(mesh, workload, address)];
  });
  if (parts.length === 0)
    return unknown([{ key: 'cluster', text: `the address behind ${written.join(', ') || 'the cluster'}` }]);
  const open = parts.flatMap((part) => (part.known ? [] : part.missing));
  if (open.length > 0) return unknown(open);
  return known(
    parts.flatMap((part) => (part.known ? part.value : [])),
    'default',
  );
}

function ofIstioCluster({ mesh }: WafContext, { workload }: InspectedProxy, name: string): Arrivals {
  const parts = istioCluster(name);
  if (parts?.direction === 'outbound') return arrivalsOfHost(mesh, workload, parts);
  if (parts?.direction !== 'inbound') return known([], 'default');
  return arrivalsAt(mesh, workload, { host: '', port: parts.port, socket: undefined });
}

type Found = Pick<Call, 'cluster' | 'address' | 'arrivals' | 'clusterMissing'>;

function missingCluster(
  context: WafContext,
  proxy: InspectedProxy,
  { name, filter }: { readonly name: string; readonly filter: ProxyFilter },
): Found {
  const isIstio = istioCluster(name)?.direction === 'outbound';
  const arrivals = ofIstioCluster(context, proxy, name);
  const clusterMissing = isIstio ? arrivals.known : isWrittenHere(context, name, filter);
  const open = unknown([{ key: 'cluster', text: `cluster ${name}, which an EnvoyFilter may add` }]);
  return {
    cluster: undefined,
    address: name,
    arrivals: isIstio || clusterMissing ? arrivals : open,
    clusterMissing,
  };
}

function overCluster(context: WafContext, proxy: InspectedProxy, filter: ProxyFilter): Found {
  const name = filter.cluster ?? '';
  const cluster = proxy.chains.clusters.find((one) => one.name === name);
  if (cluster === undefined || cluster.origin === 'missing')
    return missingCluster(context, proxy, { name, filter });
  const byName = istioCluster(name);
  const isIstio = cluster.origin === 'istio' || (cluster.endpoints.length === 0 && byName !== undefined);
  const arrivals = isIstio
    ? ofIstioCluster(context, proxy, name)
    : ofAddresses(context, proxy, cluster.endpoints);
  const told = byName === undefined ? name : `${byName.host}:${byName.port}`;
  const address = isIstio ? told : cluster.endpoints.join(', ');
  return { cluster, address, arrivals, clusterMissing: cluster.refused !== undefined };
}

function overAddress(context: WafContext, proxy: InspectedProxy, uri: string): Found {
  const address = parseAddress(uri);
  const text = address === undefined ? uri : addressText(address);
  return {
    cluster: undefined,
    address: text,
    arrivals: ofAddresses(context, proxy, [uri]),
    clusterMissing: false,
  };
}

/** The call of an ext_authz or ext_proc filter; undefined for other filters and for those that name no service. */
export function callOf(context: WafContext, proxy: InspectedProxy, filter: ProxyFilter): Call | undefined {
  const { settings } = filter;
  if (settings.kind !== 'ext_authz' && settings.kind !== 'ext_proc') return undefined;
  const { kind: mode, transport, targetUri } = settings;
  const grpc = transport !== 'http';
  if (transport === 'google_grpc')
    return targetUri === undefined
      ? undefined
      : { mode, grpc, clusterName: undefined, ...overAddress(context, proxy, targetUri) };
  if (filter.cluster === undefined) return undefined;
  return { mode, grpc, clusterName: filter.cluster, ...overCluster(context, proxy, filter) };
}

/** True when istiod lets HTTP/2 be spoken over its cluster for a Service's port, or the input does not say. */
export function mayUpgrade(mesh: Mesh, host: string): boolean {
  if (stringAt(mesh.settings.config, 'h2UpgradePolicy') === 'UPGRADE') return true;
  return mesh
    .ofKind('networking.istio.io', 'DestinationRule')
    .some(
      ({ object }) =>
        host.startsWith((stringAt(object, 'spec', 'host') ?? '').replace(/^\*\.?/, '')) &&
        objectAt(object, 'spec', 'trafficPolicy') !== undefined &&
        JSON.stringify(object).includes('h2UpgradePolicy'),
    );
}
