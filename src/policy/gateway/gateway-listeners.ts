import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { parseGoBool } from '#policy/istiod-flag.js';
import { buildFilterChains } from './build-filter-chains.js';
import type { ChainBuilder } from './build-filter-chains.js';
import { clustersFor } from './cluster.js';
import { envoyRefusal } from './envoy-refusal.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';
import { mergeServers } from './merge-servers.js';
import type { MergedServers, ServerGroup } from './merge-servers.js';

/** What a gateway pod listens on. */
export interface GatewayListeners {
  readonly listeners: readonly GatewayListener[];
  readonly merged: MergedServers;
}

const wildcards: ReadonlySet<string> = new Set(['', '0.0.0.0']);

/** True for pods that may open no port below 1024 (ISTIO_META_UNPRIVILEGED_POD, IsUnprivileged in pilot/pkg/model/context.go). */
function isUnprivileged({ containers }: Workload): boolean {
  return containers
    .flatMap(({ spec }) => listAt(spec, 'env'))
    .some(
      (variable) =>
        stringAt(variable, 'name') === 'ISTIO_META_UNPRIVILEGED_POD' &&
        parseGoBool(stringAt(variable, 'value') ?? '') === true,
    );
}

function addChains(
  listeners: Map<string, { readonly group: ServerGroup; readonly chains: FilterChain[] }>,
  group: ServerGroup,
  chains: readonly FilterChain[],
): void {
  const bind = wildcards.has(group.bind) ? '' : group.bind;
  const listener = getOrMake(listeners, `${bind} ${group.port}`, () => ({ group, chains: [] }));
  listener.chains.push(...chains);
}

/**
 * The listeners that istiod generates for a gateway pod, those without any filter chain left out; a listener that Envoy
 * refuses is kept and says why (buildGatewayListeners in pilot/pkg/networking/core/gateway.go).
 */
export function buildGatewayListeners(mesh: Mesh, workload: Workload): GatewayListeners {
  const merged = mergeServers(mesh, workload);
  const clusterOf = clustersFor(mesh, workload);
  const builder: ChainBuilder = { mesh, workload, clusterOf, merged, sniTaken: new Map() };
  const unprivileged = isUnprivileged(workload);
  const listeners = new Map<string, { readonly group: ServerGroup; readonly chains: FilterChain[] }>();
  for (const group of merged.groups) {
    if (!unprivileged || group.port >= 1024) addChains(listeners, group, buildFilterChains(builder, group));
  }
  const built = [...listeners.values()]
    .filter(({ chains }) => chains.length > 0)
    .map(({ group, chains }) => ({
      port: group.port,
      bind: wildcards.has(group.bind) ? '' : group.bind,
      chains,
      rejected: envoyRefusal(chains),
    }));
  return { listeners: built, merged };
}
