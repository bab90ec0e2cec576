import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import type { FilterChainMatch, Patch, RouteMatch } from '#policy/filter-chain/patch/patch.js';
import type { PatchedProxy } from './patched-proxies.js';

/** A field of a match beside the values that the proxies have for it. */
export interface Asked {
  readonly path: readonly string[];
  readonly value: string;
  readonly known: readonly string[];
  readonly why: 'anchor' | 'chain' | 'route';
}

const text = (port: number | undefined): string => (port === undefined || port === 0 ? '' : String(port));

/** Chains that the context of a patch is about; those of outbound listeners are not all told. */
export function chainsFor({ context }: Patch, proxies: readonly PatchedProxy[]): readonly ProxyFilterChain[] {
  const kind = context === 'GATEWAY' ? 'gateway' : context === 'SIDECAR_INBOUND' ? 'sidecar' : undefined;
  return proxies
    .filter(({ chains }) => kind === undefined || chains.kind === kind)
    .flatMap(({ chains }) => chains.chains);
}

function namesOfFilters(chains: readonly ProxyFilterChain[], list: 'networkFilters' | 'httpFilters') {
  return chains.flatMap((chain) => chain[list].map(({ name }) => name));
}

function chainFields(match: FilterChainMatch, chains: readonly ProxyFilterChain[]): readonly Asked[] {
  const path = ['listener', 'filterChain'];
  const ofMatch = (
    field: string,
    value: string,
    known: (chain: ProxyFilterChain) => readonly string[],
  ): Asked => ({ path: [...path, field], value, known: chains.flatMap(known), why: 'chain' });
  const anchor = (
    place: readonly string[],
    value: string | undefined,
    known: 'networkFilters' | 'httpFilters',
  ): Asked => ({
    path: [...path, ...place],
    value: value ?? '',
    known: namesOfFilters(chains, known),
    why: 'anchor',
  });
  return [
    anchor(['filter', 'name'], match.filter, 'networkFilters'),
    anchor(['filter', 'subFilter', 'name'], match.subFilter, 'httpFilters'),
    ofMatch('name', match.name, ({ name }) => [name]),
    ofMatch('sni', match.sni, (chain) => chain.match.serverNames),
    ofMatch('transportProtocol', match.transportProtocol, (chain) => [chain.match.transportProtocol]),
    ofMatch('destinationPort', text(match.destinationPort), (chain) => [text(chain.match.destinationPort)]),
  ];
}

/** The list is asked for as a whole, each of its members to the letter (filterChainMatch in listener_patch.go). */
function protocolsField(match: FilterChainMatch, chains: readonly ProxyFilterChain[]): Asked {
  const wanted = match.applicationProtocols;
  const met = chains.some((chain) =>
    wanted.split(',').every((one) => chain.match.applicationProtocols.includes(one)),
  );
  const lists = chains.map((chain) => chain.match.applicationProtocols.join(','));
  return {
    path: ['listener', 'filterChain', 'applicationProtocols'],
    value: wanted,
    known: met ? [wanted] : lists,
    why: 'chain',
  };
}

function routeFields(match: RouteMatch, chains: readonly ProxyFilterChain[]): readonly Asked[] {
  const path = ['routeConfiguration'];
  const names = chains.map(({ routeConfig }) => routeConfig ?? '');
  const ofGateway = names
    .map((name) => name.split('.'))
    .filter((parts) => parts.length === 5 && parts[0] === 'https')
    .map(([, , , gateway, namespace]) => `${namespace ?? ''}/${gateway ?? ''}`);
  const ports = chains.flatMap(({ serverPorts, port, listener }) =>
    listener === 'gateway' ? serverPorts.map(text) : [text(port)],
  );
  const field = (name: string, value: string, known: readonly string[]): Asked => ({
    path: [...path, ...name.split('.')],
    value,
    known,
    why: 'route',
  });
  return [
    field('name', match.name, names),
    field('gateway', match.gateway, ofGateway),
    field('portNumber', text(match.portNumber), ports),
    field(
      'vhost.name',
      match.vhost?.name ?? '',
      chains.flatMap(({ virtualHosts }) => virtualHosts),
    ),
  ];
}

/** Every field of the match that asks for something. */
export function askedFields(patch: Patch, chains: readonly ProxyFilterChain[]): readonly Asked[] {
  const { listener, route } = patch;
  const chain = listener?.filterChain;
  const listenerName: Asked = {
    path: ['listener', 'name'],
    value: listener?.name ?? '',
    known: chains.map(({ listenerName: name }) => name),
    why: 'chain',
  };
  return [
    listenerName,
    ...(chain === undefined ? [] : [...chainFields(chain, chains), protocolsField(chain, chains)]),
    ...(route === undefined ? [] : routeFields(route, chains)),
  ].filter(({ value }) => value !== '');
}

/** Filters that every chain of HTTP has. */
const everywhere: ReadonlySet<string> = new Set([
  '',
  'envoy.filters.network.http_connection_manager',
  'envoy.filters.http.router',
  'envoy.filters.http.cors',
  'envoy.filters.http.fault',
]);

/** True for a patch that some chain of each proxy meets which it may be for. */
export function isOrdinary({ listener, route, proxy }: Patch): boolean {
  if (proxy !== undefined && proxy.proxyVersion !== '') return false;
  if (route !== undefined) return false;
  if (listener === undefined) return true;
  const { name, filterChain: chain } = listener;
  if (name !== '' || chain === undefined) return name === '';
  const asks = [chain.name, chain.sni, chain.transportProtocol, chain.applicationProtocols].some(
    (value) => value !== '',
  );
  const anchors = [chain.filter ?? '', chain.subFilter ?? ''];
  return !asks && chain.destinationPort === 0 && anchors.every((anchor) => everywhere.has(anchor));
}
