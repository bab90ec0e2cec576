import type { JsonObject } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { ProxyFilter, ProxyFilterChain, ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import { deployment, namespace, object, policiesOf, service, workload } from '../manifests.js';

const injected = { 'istio-injection': 'enabled' };

/** Namespaces bakery and depot with sidecars; oven and till of the bakery serve HTTP on 8080 behind port 80. */
export const town: readonly JsonObject[] = [
  namespace('istio-system'),
  namespace('bakery', injected),
  namespace('depot', injected),
  ...['bakery/oven', 'bakery/till', 'depot/cart'].flatMap((place) => [
    deployment(place, { ports: [{ containerPort: 8080 }] }),
    service(place, [{ name: 'http', port: 80, targetPort: 8080 }]),
  ]),
];

/** The decisions about the town and further objects, all stored, on Istio 1.32. */
export function decide(...objects: readonly JsonObject[]): EffectivePolicies {
  return policiesOf([...town, ...objects], { scope: 'complete', stored: true, istioVersion: '1.32.0' });
}

export const oven = 'bakery/Deployment/oven';

/** What is known of a proxy; throws when nothing is. */
export function proxy(policies: EffectivePolicies, id = oven): ProxyFilterChains {
  const decision = policies.filterChains(workload(policies.mesh, id));
  if (!decision.known || decision.value === undefined) throw new Error(`nothing is known of ${id}`);
  return decision.value;
}

/** The chain for a caller of a port (`null`: ports of no Service) that reads HTTP. */
export function httpChain(
  { chains }: ProxyFilterChains,
  port: number | null = 8080,
  tls: ProxyFilterChain['tls'] = 'none',
): ProxyFilterChain {
  const found = chains.find(
    (chain) => (chain.port ?? null) === port && chain.tls === tls && chain.protocol === 'http',
  );
  if (found === undefined) throw new Error(`no chain for ${String(port)} ${tls}`);
  return found;
}

/** Names of the filters that istiod does not send by itself, in order. */
export function added(chain: Pick<ProxyFilterChain, 'httpFilters'>): readonly string[] {
  return chain.httpFilters.filter(({ stock }) => !stock).map(({ name }) => name);
}

/** The names of the filters that a request to the oven's port runs through beside istiod's. */
export function onOven(...objects: readonly JsonObject[]): readonly string[] {
  return added(httpChain(proxy(decide(...objects))));
}

/** The filter of that name; throws when the chain has none. */
export function filterNamed({ httpFilters }: ProxyFilterChain, name: string): ProxyFilter {
  const found = httpFilters.find((filter) => filter.name === name);
  if (found === undefined) throw new Error(`no filter ${name}`);
  return found;
}

export const manager = 'envoy.filters.network.http_connection_manager';
export const router = 'envoy.filters.http.router';

const prefix = 'type.googleapis.com/envoy.extensions.filters';

/** A message of a kind of filter, as an `Any`. */
export function typed(type: string, fields: JsonObject = {}): JsonObject {
  return { '@type': `${prefix}.${type}`, ...fields };
}

/** An ext_authz filter that asks a cluster. */
export function check(name: string, fields: JsonObject = {}): JsonObject {
  const service_ = { envoy_grpc: { cluster_name: 'inspector' }, timeout: '0.2s' };
  const config = { grpc_service: service_, transport_api_version: 'V3', ...fields };
  return { name, typed_config: typed('http.ext_authz.v3.ExtAuthz', config) };
}

/** A Lua filter. */
export function lua(name: string, code = 'function envoy_on_request(h) end'): JsonObject {
  return { name, typed_config: typed('http.lua.v3.Lua', { inline_code: code }) };
}

/** Where a patch of HTTP filters applies: before or after which filter, in which chains. */
export function at(
  subFilter: string | undefined,
  chain: JsonObject = {},
  listener: JsonObject = {},
): JsonObject {
  const filter = { name: manager, ...(subFilter === undefined ? {} : { subFilter: { name: subFilter } }) };
  return { context: 'SIDECAR_INBOUND', listener: { ...listener, filterChain: { ...chain, filter } } };
}

export function patch(
  applyTo: string,
  operation: string,
  value: JsonObject | undefined,
  match?: JsonObject,
): JsonObject {
  const body = { operation, ...(value === undefined ? {} : { value }) };
  return { applyTo, ...(match === undefined ? {} : { match }), patch: body };
}

/** Inserts an HTTP filter before the router of inbound chains. */
export function insert(value: JsonObject, match: JsonObject = at(router)): JsonObject {
  return patch('HTTP_FILTER', 'INSERT_BEFORE', value, match);
}

interface FilterOptions {
  readonly labels?: JsonObject;
  readonly priority?: number;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
}

/** An EnvoyFilter with patches. */
export function envoyFilter(
  place: string,
  patches: readonly JsonObject[],
  { labels, priority, metadata, spec }: FilterOptions = {},
): JsonObject {
  const body = {
    ...(labels === undefined ? {} : { workloadSelector: { labels } }),
    ...(priority === undefined ? {} : { priority }),
    configPatches: patches,
    ...spec,
  };
  return object('networking.istio.io/v1alpha3/EnvoyFilter', place, body, metadata);
}

/** A cluster that leads to an address. */
export function cluster(
  name: string,
  address = '127.0.0.1',
  port = 9999,
  fields: JsonObject = {},
): JsonObject {
  const endpoint = { address: { socket_address: { address, port_value: port } } };
  const load = { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] };
  return { name, type: 'STRICT_DNS', connect_timeout: '0.5s', load_assignment: load, ...fields };
}
