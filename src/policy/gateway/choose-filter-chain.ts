import type { ClientTls } from './connection-probe.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';

/** Names under which a server name may be found, the most exact first; the empty one stands for any. */
function candidates(sni: string): readonly string[] {
  const labels = sni.split('.');
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  return sni === '' ? [''] : [sni, ...wildcards, ''];
}

function hasName({ serverNames }: FilterChain, name: string): boolean {
  return name === '' ? serverNames.length === 0 : serverNames.includes(name);
}

/**
 * The filter chain that takes a connection: by the most exact server name, then by ALPN, without going back when none of
 * the name's chains fits the ALPN (Envoy's source/common/listener_manager/filter_chain_manager_impl.cc).
 */
export function chooseFilterChain(
  { chains }: GatewayListener,
  tls: ClientTls | undefined,
): FilterChain | undefined {
  const name = candidates((tls?.sni ?? '').toLowerCase()).find((candidate) =>
    chains.some((chain) => hasName(chain, candidate)),
  );
  if (name === undefined) return undefined;
  const named = chains.filter((chain) => hasName(chain, name));
  const offered = tls?.alpn ?? [];
  return (
    named.find(({ alpn }) => alpn.some((protocol) => offered.includes(protocol))) ??
    named.find(({ alpn }) => alpn.length === 0)
  );
}

/** The listener that takes connections from outside the pod to a port; addresses of the pod alone are out of reach. */
export function listenerAt(listeners: readonly GatewayListener[], port: number): GatewayListener | undefined {
  const onPort = listeners.filter((listener) => listener.port === port && isReachable(listener));
  return onPort.find(({ bind }) => bind === '') ?? onPort[0];
}

/** True for listeners that take connections from outside the pod. */
export function isReachable({ bind }: GatewayListener): boolean {
  return !(bind.startsWith('127.') || bind === '::1' || bind === 'localhost' || bind.startsWith('unix:'));
}
