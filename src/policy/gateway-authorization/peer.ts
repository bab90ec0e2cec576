import { objectAt } from '#documents/json.js';
import type { FilterChain } from '#policy/gateway/filter-chain.js';
import { gatewayTopology, trustedProxiesOf } from '#policy/gateway/gateway-topology.js';
import type { GatewayPod } from '#policy/gateway/connect.js';
import { forwardedAddress } from '#policy/request/forwarded-address.js';
import type { HeaderLines } from '#policy/request/request-headers.js';
import { parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';
import type { GatewayProbe, NamedCertificate } from './gateway-probe.js';

/** True where clients are to begin with a PROXY protocol header (needPROXYProtocol in pilot/pkg/networking/core/gateway.go). */
export function wantsProxyProtocol({ mesh, workload }: GatewayPod): boolean {
  return objectAt(gatewayTopology(mesh, workload), 'proxyProtocol') !== undefined;
}

/** The address that the connection comes from as the proxy takes it: that of the PROXY protocol header where one is wanted. */
export function sourceAddress(pod: GatewayPod, { ip, proxyProtocol }: GatewayProbe): string | undefined {
  return wantsProxyProtocol(pod) ? proxyProtocol : ip;
}

/** The certificate that the chain has asked the client for; servers without client certificates never see one. */
export function shownCertificate({ tls }: FilterChain, probe: GatewayProbe): NamedCertificate | undefined {
  return tls === undefined || tls.clientCertificate === 'ignored' ? undefined : probe.tls?.certificate;
}

/**
 * The names under which a client is known: URI and DNS names and the subject of its certificate. Any CA that the server
 * trusts may give any name: the trust domain is not looked at (AuthenticatedMatcher in Envoy's
 * source/extensions/filters/common/rbac/matchers.cc; BuildListenerTLSContext in pilot/pkg/networking/core/listener.go).
 */
export function clientNames(certificate: NamedCertificate | undefined): readonly string[] {
  if (certificate === undefined) return [];
  const { names, subject = '' } = certificate;
  const isUri = (name: string): boolean => name.includes('://');
  return [...names.filter(isUri), ...names.filter((name) => !isUri(name)), subject].filter(
    (name) => name !== '',
  );
}

/**
 * The client's address as policies see it: with trusted proxies in front the one that the first of them has noted, else
 * the source of the connection (mutateRequestHeaders in Envoy's source/common/http/conn_manager_utility.cc).
 */
export function remoteAddress(
  { mesh, workload }: GatewayPod,
  source: string | undefined,
  sent: HeaderLines | undefined,
): Address | undefined {
  const peer = source === undefined ? undefined : parseAddress(source);
  const trusted = trustedProxiesOf(mesh, workload);
  if (sent === undefined || trusted === 0) return peer;
  return forwardedAddress(sent, trusted - 1) ?? peer;
}

/** An address as headers show it: IPv4 with dots. */
export function addressText(address: Address | undefined, fallback: string | undefined): string | undefined {
  if (address?.family !== 4) return fallback;
  const { value } = address;
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}
