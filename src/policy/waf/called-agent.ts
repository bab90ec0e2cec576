import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { isHeld, readPatches } from '#policy/filter-chain/patch/read-patches.js';
import { isAny, isLoopback, parseAddress } from './address.js';
import { agentsOf, asked } from './agent.js';
import type { WafProduct } from './product.js';
import type { WafContext } from './waf-context.js';

/** Ports of the pod itself that a cluster of an EnvoyFilter leads to. */
function ownPortsOf(envoyFilter: Resource, cluster: string): readonly number[] {
  const patches = readPatches(envoyFilter).filter(isHeld);
  return patches
    .filter(({ applyTo, value }) => applyTo === 'CLUSTER' && stringAt(value, 'name') === cluster)
    .flatMap(({ value }) => listAt(value, 'load_assignment', 'endpoints'))
    .flatMap((locality) => listAt(locality, 'lb_endpoints'))
    .flatMap((member) => {
      const socket = objectAt(member, 'endpoint', 'address', 'socket_address');
      const port = Number(valueAt(socket, ['port_value']));
      return isLoopback(stringAt(socket, 'address') ?? '') && port > 0 ? [port] : [];
    });
}

function calledPorts(envoyFilter: Resource, { settings, cluster }: ProxyFilter): readonly number[] {
  if (settings.kind !== 'ext_authz' && settings.kind !== 'ext_proc') return [];
  const target = settings.targetUri === undefined ? undefined : parseAddress(settings.targetUri);
  const host = target?.host;
  if (target?.port !== undefined && host !== undefined && (isLoopback(host) || isAny(host)))
    return [target.port];
  return cluster === undefined ? [] : ownPortsOf(envoyFilter, cluster);
}

/**
 * The product whose agent a filter without any mark of one calls in the pods that its object selects: told by the port on
 * which that agent listens there, whether or not the filter reaches a proxy.
 */
export function productCalled(
  context: WafContext,
  envoyFilter: Resource,
  filter: ProxyFilter,
): WafProduct | undefined {
  const ports = calledPorts(envoyFilter, filter);
  if (ports.length === 0) return undefined;
  const selection = context.policies.selection(envoyFilter);
  const workloads = selection.known ? selection.value.workloads : [];
  return workloads
    .flatMap((workload) => agentsOf(context, workload))
    .find(({ listening }) =>
      listening.some(({ mode, address }) => asked(mode) && ports.includes(address?.port ?? -1)),
    )?.product;
}
