import type { ChainMatch } from '#policy/filter-chain/filter-chain.js';
import { virtualInbound, virtualOutbound } from '#policy/filter-chain/envoy-model.js';
import type { ChainModel, ListenerModel } from '#policy/filter-chain/envoy-model.js';
import type { FilterChainMatch, ListenerMatch, Patch } from './patch.js';

// The functions of pilot/pkg/networking/core/envoyfilter/listener_patch.go, under their names there.

function isVirtual({ name }: ListenerModel): boolean {
  return name === virtualInbound || name === virtualOutbound;
}

/** Name and port; the listeners of redirected traffic have their ports in the chains (listenerMatch). */
export function listenerMatch(listener: ListenerModel, { listener: match, applyTo }: Patch): boolean {
  if (match === undefined) return true;
  if (match.name !== '' && match.name !== listener.name) return false;
  if (applyTo !== 'LISTENER' && isVirtual(listener)) return true;
  return match.portNumber === 0 || listener.port === match.portNumber;
}

function protocolsMatch({ applicationProtocols }: ChainMatch, wanted: string): boolean {
  return wanted === '' || wanted.split(',').every((one) => applicationProtocols.includes(one));
}

function connectionMatch(chain: ChainModel, wanted: FilterChainMatch): boolean {
  const { match } = chain;
  if (wanted.name !== '' && wanted.name !== chain.name) return false;
  if (wanted.sni !== '' && !match.serverNames.includes(wanted.sni)) return false;
  if (wanted.transportProtocol !== '' && wanted.transportProtocol !== match.transportProtocol) return false;
  if (!protocolsMatch(match, wanted.applicationProtocols)) return false;
  return wanted.destinationPort === 0 || wanted.destinationPort === match.destinationPort;
}

function portMatches(listener: ListenerModel, chain: ChainModel, { portNumber }: ListenerMatch): boolean {
  return !isVirtual(listener) || portNumber === 0 || chain.match.destinationPort === portNumber;
}

/** Port, name, SNI, protocols of a chain (filterChainMatch). */
export function filterChainMatch(listener: ListenerModel, chain: ChainModel, patch: Patch): boolean {
  const match = patch.listener;
  if (match === undefined) return true;
  if (!portMatches(listener, chain, match)) return false;
  return match.filterChain === undefined || connectionMatch(chain, match.filterChain);
}

/** The network filter's name that a patch asks for; undefined: it names no filter (hasNetworkFilterMatch). */
export function wantedFilter({ listener }: Patch): string | undefined {
  return listener?.filterChain?.filter;
}

/** The HTTP filter's name that a patch asks for; undefined: it names none (hasHTTPFilterMatch). */
export function wantedSubFilter({ listener }: Patch): string | undefined {
  return listener?.filterChain?.filter === undefined ? undefined : listener.filterChain.subFilter;
}

/** True where the patch names no network filter, or this one (networkFilterMatch). */
export function networkFilterMatch(name: string, patch: Patch): boolean {
  const wanted = wantedFilter(patch);
  return wanted === undefined || wanted === name;
}

/** True where the patch names no HTTP filter, or this one (httpFilterMatch). */
export function httpFilterMatch(name: string, patch: Patch): boolean {
  const wanted = wantedSubFilter(patch);
  return wanted === undefined || wanted === name;
}
